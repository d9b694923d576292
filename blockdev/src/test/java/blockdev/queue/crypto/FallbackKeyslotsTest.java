package blockdev.queue.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is in a slot of the fallback, and what is wiped when. */
class FallbackKeyslotsTest {
  private static final CipherEngine ENGINE = CipherEngine.named("reference");

  private final FallbackKeyslots slots = new FallbackKeyslots(1);
  private final List<Errno> results = new ArrayList<>();

  @AfterEach
  void close() {
    slots.close();
  }

  private static CryptoKey key(CryptoMode mode, int number) {
    return FallbackUnderTest.key(new CryptoConfig(mode, 4096, 8), number);
  }

  private static void assertBlank(DataUnitCipher cipher) {
    MemorySegment data = MemorySegment.ofArray(new byte[4096]);
    assertThatIllegalStateException()
        .isThrownBy(() -> cipher.encrypt(0, 0, 0, 0, 4096, data, 0, data, 0, 4096));
  }

  private DataUnitCipher cipher() {
    return Objects.requireNonNull(slots.cipher(0));
  }

  @Test
  void anotherModeBlanksTheSlotsOldCipherFirst() {
    List<DataUnitCipher> before = new ArrayList<>();
    slots.start(CryptoMode.AES_256_XTS, ENGINE::prepare);
    slots.start(
        CryptoMode.ADIANTUM,
        (mode, key) -> {
          assertThat(slots.cipher(0)).isNull();
          before.forEach(FallbackKeyslotsTest::assertBlank);
          return ENGINE.prepare(mode, key);
        });
    slots.program(0, key(CryptoMode.AES_256_XTS, 1), results::add);
    before.add(cipher());
    slots.program(0, key(CryptoMode.ADIANTUM, 2), results::add);
    assertThat(results).containsExactly(Errno.OK, Errno.OK);
    assertThat(cipher()).isNotSameAs(before.getFirst());
  }

  @Test
  void anotherKeyOfTheSameModeReplacesTheCipher() {
    slots.start(CryptoMode.AES_256_XTS, ENGINE::prepare);
    slots.program(0, key(CryptoMode.AES_256_XTS, 1), results::add);
    DataUnitCipher first = cipher();
    slots.program(0, key(CryptoMode.AES_256_XTS, 2), results::add);
    assertBlank(first);
    assertThat(cipher()).isNotSameAs(first);
  }

  @Test
  void evictingBlanksTheSlot() {
    slots.start(CryptoMode.AES_256_XTS, ENGINE::prepare);
    CryptoKey key = key(CryptoMode.AES_256_XTS, 1);
    slots.program(0, key, results::add);
    DataUnitCipher first = cipher();
    slots.evict(0, key, results::add);
    assertThat(results).containsExactly(Errno.OK, Errno.OK);
    assertBlank(first);
    assertThat(slots.cipher(0)).isNull();
  }

  @Test
  void aKeyThatCannotBeSetLeavesTheSlotBlank() {
    boolean[] broken = {false};
    slots.start(
        CryptoMode.AES_256_XTS,
        (mode, key) -> {
          if (broken[0]) {
            throw new IllegalStateException("broken");
          }
          return ENGINE.prepare(mode, key);
        });
    slots.program(0, key(CryptoMode.AES_256_XTS, 1), results::add);
    DataUnitCipher first = cipher();
    broken[0] = true;
    slots.program(0, key(CryptoMode.AES_256_XTS, 2), results::add);
    assertThat(results).containsExactly(Errno.OK, Errno.EIO);
    assertBlank(first);
    assertThat(slots.cipher(0)).isNull();
  }

  @Test
  void closingBlanksEverySlot() {
    slots.start(CryptoMode.AES_256_XTS, ENGINE::prepare);
    slots.program(0, key(CryptoMode.AES_256_XTS, 1), results::add);
    DataUnitCipher cipher = cipher();
    slots.close();
    assertBlank(cipher);
  }
}
