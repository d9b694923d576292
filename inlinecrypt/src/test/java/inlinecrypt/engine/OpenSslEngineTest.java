package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpenSslEngineTest extends CipherEngineContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("openssl");
  }

  @Test
  void aKeyOfTwoEqualHalvesIsTakenThoughLibcryptoRefusesIt() {
    MemorySegment key = MemorySegment.ofArray(new byte[64]);
    for (int unitBytes : new int[] {512, 4096, 65536, 16, 17, 8191, 65535}) {
      byte[] plaintext = bytes(2 * unitBytes);
      byte[] expected = encrypted(CipherEngine.named("reference"), key, plaintext, unitBytes);
      assertThat(encrypted(engine(), key, plaintext, unitBytes)).isEqualTo(expected);
    }
  }

  @Test
  void anErrorOfLibcryptoCarriesItsReason() {
    assertThatIllegalStateException()
        .isThrownBy(() ->
            LibCrypto.newContext(
                LibCrypto.fetchCipher("AES-256-XTS"), MemorySegment.ofArray(new byte[64]), true))
        .withMessageStartingWith("EVP_CipherInit_ex failed: error:")
        .withMessageContaining("duplicated keys");
  }

  @Test
  void aCipherThatLibcryptoLacksTakesOnlyItsOwnModes() {
    ProvenModes modes =
        OpenSslEngine.modesOf(
            name -> LibCrypto.fetchCipher(name.startsWith("SM4") ? "no-such-cipher" : name));
    assertThat(CryptoMode.values())
        .filteredOn(mode -> !modes.has(mode))
        .containsExactlyInAnyOrder(CryptoMode.SM4_XTS, CryptoMode.SM4_CBC_CTS);
    assertThat(AeadMode.values()).allMatch(modes::has);
    modes.prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(bytes(64))).close();
  }

  @Test
  void withoutCiphersThereAreNoModes() {
    ProvenModes modes = OpenSslEngine.modesOf(name -> 0);
    assertThat(CryptoMode.values()).noneMatch(modes::has);
    assertThat(AeadMode.values()).noneMatch(modes::has);
  }

  @Test
  void aHeldKeyHasNoContextAndACallOpensWhatItNeeds() {
    MemorySegment data = MemorySegment.ofArray(new byte[4096]);
    long before = LibCrypto.openContexts();
    try (DataUnitCipher cipher =
        engine().prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(bytes(64)))) {
      assertThat(LibCrypto.openContexts()).isEqualTo(before);
      cipher.encrypt(0, 0, 0, 0, 4096, data, 0, data, 0, 4096);
      assertThat(LibCrypto.openContexts()).isEqualTo(before + 1);
      cipher.encrypt(0, 0, 0, 0, 512, data, 0, data, 0, 4096);
      assertThat(LibCrypto.openContexts()).as("for data and tweaks").isEqualTo(before + 3);
      cipher.encrypt(0, 0, 0, 0, 4096, data, 0, data, 0, 4096);
      assertThat(LibCrypto.openContexts()).isEqualTo(before + 3);
    }
    assertThat(LibCrypto.openContexts()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(CryptoMode.class)
  void nativeMemoryIsFreedWithTheCipher(CryptoMode mode) {
    MemorySegment data = MemorySegment.ofArray(new byte[4096]);
    MemorySegment key = MemorySegment.ofArray(bytes(mode.keyBytes()));
    engine().prepare(mode, key).close(); // proven from here on
    long contexts = LibCrypto.openContexts();
    long allocations = LibCrypto.openAllocations();
    for (int i = 0; i < 100; i++) {
      try (DataUnitCipher cipher = engine().prepare(mode, key)) {
        cipher.encrypt(i, 0, 0, 0, 512, data, 0, data, 0, 4096);
        cipher.decrypt(i, 0, 0, 0, 512, data, 0, data, 0, 4096);
        cipher.encrypt(i, 0, 0, 0, 4096, data, 0, data, 0, 4096);
      }
      engine().prepare(mode, key).close();
    }
    assertThat(LibCrypto.openContexts()).isEqualTo(contexts);
    assertThat(LibCrypto.openAllocations()).isEqualTo(allocations);
  }

  @ParameterizedTest
  @EnumSource(AeadMode.class)
  void nativeMemoryIsFreedWithTheAuthenticatedCipher(AeadMode mode) {
    MemorySegment data = MemorySegment.ofArray(new byte[100]);
    MemorySegment nonce = MemorySegment.ofArray(new byte[AeadMode.NONCE_BYTES]);
    MemorySegment tag = MemorySegment.ofArray(new byte[AeadMode.TAG_BYTES]);
    MemorySegment key = MemorySegment.ofArray(bytes(AeadMode.KEY_BYTES));
    engine().prepareAead(mode, key).close(); // proven from here on
    long contexts = LibCrypto.openContexts();
    long allocations = LibCrypto.openAllocations();
    for (int i = 0; i < 100; i++) {
      try (AeadCipher cipher = engine().prepareAead(mode, key)) {
        cipher.seal(nonce, nonce, data, data, tag);
        assertThat(cipher.open(nonce, nonce, data, data, tag)).isTrue();
      }
    }
    assertThat(LibCrypto.openContexts()).isEqualTo(contexts);
    assertThat(LibCrypto.openAllocations()).isEqualTo(allocations);
  }

  @Test
  void aKeyThatCannotBeReadLeavesNothingAllocated() {
    Arena arena = Arena.ofConfined();
    MemorySegment key = arena.allocate(64);
    arena.close();
    long allocations = LibCrypto.openAllocations();
    assertThatIllegalStateException().isThrownBy(() -> LibCrypto.copyOf(key));
    for (CryptoMode mode : CryptoMode.values()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> engine().prepare(mode, key.asSlice(0, mode.keyBytes())));
    }
    assertThat(LibCrypto.openAllocations()).isEqualTo(allocations);
  }

  @Test
  void anArenaCannotBeClosedUnderACall() throws Exception {
    Arena arena = Arena.ofShared();
    MemorySegment data = arena.allocate(1 << 20);
    CountDownLatch working = new CountDownLatch(1);
    try (DataUnitCipher cipher =
        engine().prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(bytes(64)))) {
      Thread worker =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (true) {
                    cipher.encrypt(0, 0, 0, 0, 1 << 16, data, 0, data, 0, data.byteSize());
                    working.countDown();
                  }
                } catch (IllegalStateException e) {
                  working.countDown(); // the arena is closed
                }
              });
      working.await();
      closeWhenNobodyIsInside(arena);
      worker.join();
    }
    assertThat(data.scope().isAlive()).isFalse();
  }

  private static void closeWhenNobodyIsInside(Arena arena) {
    while (true) {
      try {
        arena.close();
        return;
      } catch (IllegalStateException e) {
        Thread.onSpinWait(); // acquired by a call
      }
    }
  }

  private static byte[] encrypted(
      CipherEngine engine, MemorySegment key, byte[] plaintext, int unitBytes) {
    byte[] bytes = plaintext.clone();
    MemorySegment segment = MemorySegment.ofArray(bytes);
    try (DataUnitCipher cipher = engine.prepare(CryptoMode.AES_256_XTS, key)) {
      cipher.encrypt(-1, 7, 0, 0, unitBytes, segment, 0, segment, 0, bytes.length);
      byte[] ciphertext = bytes.clone();
      cipher.decrypt(-1, 7, 0, 0, unitBytes, segment, 0, segment, 0, bytes.length);
      assertThat(bytes).isEqualTo(plaintext);
      return ciphertext;
    }
  }
}
