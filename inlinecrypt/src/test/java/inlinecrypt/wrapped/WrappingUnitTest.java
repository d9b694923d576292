package inlinecrypt.wrapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import inlinecrypt.AeadMode;
import inlinecrypt.engine.AeadCipher;
import inlinecrypt.engine.CipherEngine;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WrappingUnitTest {
  private final WrappingUnit unit = new WrappingUnit(fusedSecret(1));

  @AfterEach
  void close() {
    unit.close();
  }

  @Test
  void anImportedKeyIsPreparedAndGivesTheKeysOfItsRawBytes() {
    byte[] ephemeral = prepare(unit.importKey(rawKey()));
    byte[] expectedKey = new byte[64];
    WrappedKeyDerivation.inlineKey(rawKey(), expectedKey);
    assertThat(inlineKey(ephemeral)).isEqualTo(expectedKey);
    byte[] expectedSecret = new byte[32];
    WrappedKeyDerivation.softwareSecret(rawKey(), expectedSecret);
    assertThat(secret(ephemeral)).isEqualTo(expectedSecret);
  }

  @Test
  void generatedKeysAreAllDifferent() {
    byte[] first = prepare(unit.generateKey());
    byte[] second = prepare(unit.generateKey());
    assertThat(inlineKey(first)).isNotEqualTo(inlineKey(second));
    unit.powerCycle();
    assertThat(inlineKey(prepare(unit.generateKey()))).isNotEqualTo(inlineKey(prepare(first())));
  }

  private byte[] first() {
    try (WrappingUnit again = new WrappingUnit(fusedSecret(1))) {
      return again.generateKey();
    }
  }

  @Test
  void oneFormOfABlobDoesNotPassForTheOther() {
    byte[] longTerm = unit.importKey(rawKey());
    byte[] ephemeral = prepare(longTerm);
    assertThat(unit.inlineKey(longTerm, new byte[64])).isFalse();
    assertThat(unit.softwareSecret(longTerm, new byte[32])).isFalse();
    assertThat(unit.prepareKey(ephemeral, new byte[64])).isFalse();

    byte[] disguised = longTerm.clone();
    disguised[1] = 2;
    assertThat(unit.inlineKey(disguised, new byte[64])).isFalse();
    disguised = ephemeral.clone();
    disguised[1] = 1;
    assertThat(unit.prepareKey(disguised, new byte[64])).isFalse();
  }

  @Test
  void aBlobWithAnyBitFlippedOrOfAnotherLengthDoesNotOpen() {
    byte[] longTerm = unit.importKey(rawKey());
    for (int bit = 0; bit < 8 * longTerm.length; bit++) {
      byte[] damaged = longTerm.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      byte[] target = new byte[WrappingUnit.BLOB_BYTES];
      assertThat(unit.prepareKey(damaged, target)).as("bit %d", bit).isFalse();
      assertThat(target).containsOnly(0);
    }
    for (int bytes : new int[] {0, 1, 63, 65, 128}) {
      assertThat(unit.prepareKey(Arrays.copyOf(longTerm, bytes), new byte[64])).isFalse();
    }
  }

  @Test
  void powerLossEndsEphemeralBlobsAndNotLongTermOnes() {
    byte[] longTerm = unit.importKey(rawKey());
    byte[] before = prepare(longTerm);
    byte[] key = inlineKey(before);
    unit.powerCycle();
    assertThat(unit.inlineKey(before, new byte[64])).isFalse();
    assertThat(unit.softwareSecret(before, new byte[32])).isFalse();
    assertThat(inlineKey(prepare(longTerm))).isEqualTo(key);
  }

  @Test
  void otherHardwareOpensNoBlob() {
    byte[] longTerm = unit.importKey(rawKey());
    byte[] ephemeral = prepare(longTerm);
    try (WrappingUnit other = new WrappingUnit(fusedSecret(2))) {
      assertThat(other.prepareKey(longTerm, new byte[64])).isFalse();
      assertThat(other.inlineKey(ephemeral, new byte[64])).isFalse();
    }
  }

  @Test
  void theSameHardwareMakesTheSameBlobsInTheSameOrder() {
    byte[] imported = unit.importKey(rawKey());
    byte[] generated = unit.generateKey();
    byte[] prepared = prepare(imported);
    try (WrappingUnit again = new WrappingUnit(fusedSecret(1))) {
      assertThat(again.importKey(rawKey())).isEqualTo(imported);
      assertThat(again.generateKey()).isEqualTo(generated);
      byte[] preparedAgain = new byte[WrappingUnit.BLOB_BYTES];
      assertThat(again.prepareKey(imported, preparedAgain)).isTrue();
      assertThat(preparedAgain).isEqualTo(prepared);
    }
  }

  @Test
  void twoBlobsOfOneKeyHaveTwoNonces() {
    byte[] first = unit.importKey(rawKey());
    byte[] second = unit.importKey(rawKey());
    assertThat(Arrays.copyOfRange(first, 4, 16)).isNotEqualTo(Arrays.copyOfRange(second, 4, 16));
  }

  /** Opened with what the class comment says, by another engine. */
  @Test
  void aBlobIsTheRawKeySealedWithAesGcmInTheDocumentedLayout() throws NoSuchAlgorithmException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update(fusedSecret(1));
    sha256.update("long-term wrapping key".getBytes(StandardCharsets.US_ASCII));
    byte[] wrappingKey = sha256.digest(ByteBuffer.allocate(12).array());
    byte[] blob = unit.importKey(rawKey());
    assertThat(blob).hasSize(64).startsWith(1, 1, 0, 0);
    MemorySegment bytes = MemorySegment.ofArray(blob);
    byte[] opened = new byte[32];
    try (AeadCipher reference =
        CipherEngine.named("reference")
            .prepareAead(AeadMode.AES_256_GCM, MemorySegment.ofArray(wrappingKey))) {
      assertThat(
              reference.open(
                  bytes.asSlice(4, 12),
                  bytes.asSlice(0, 4),
                  bytes.asSlice(16, 32),
                  MemorySegment.ofArray(opened),
                  bytes.asSlice(48, 16)))
          .isTrue();
    }
    assertThat(opened).isEqualTo(rawKey());
  }

  @Test
  void keysAndSecretsOfOtherLengthsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> unit.importKey(new byte[31]))
        .withMessageContaining("not 31");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WrappingUnit(new byte[16]))
        .withMessageContaining("not 16");
  }

  private byte[] prepare(byte[] longTermBlob) {
    byte[] ephemeral = new byte[WrappingUnit.BLOB_BYTES];
    assertThat(unit.prepareKey(longTermBlob, ephemeral)).isTrue();
    return ephemeral;
  }

  private byte[] inlineKey(byte[] ephemeralBlob) {
    byte[] key = new byte[64];
    assertThat(unit.inlineKey(ephemeralBlob, key)).isTrue();
    return key;
  }

  private byte[] secret(byte[] ephemeralBlob) {
    byte[] secret = new byte[32];
    assertThat(unit.softwareSecret(ephemeralBlob, secret)).isTrue();
    return secret;
  }

  private static byte[] rawKey() {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    return key;
  }

  private static byte[] fusedSecret(int first) {
    byte[] secret = new byte[32];
    secret[0] = (byte) first;
    return secret;
  }
}
