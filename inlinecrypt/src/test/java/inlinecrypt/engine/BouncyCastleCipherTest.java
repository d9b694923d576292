package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BouncyCastleCipherTest {
  private static final CipherEngine REFERENCE = CipherEngine.named("reference");
  private static final CipherEngine BOUNCY_CASTLE = CipherEngine.named("bouncycastle");

  /** A lane's array outlives the unit: what a longer one left in it must not matter. */
  @ParameterizedTest
  @EnumSource(CryptoMode.class)
  void unitsOfAnyLengthTakeTurnsAndAgreeWithTheReference(CryptoMode mode) {
    Random random = new Random(mode.ordinal());
    MemorySegment key = MemorySegment.ofArray(bytes(random, mode.keyBytes()));
    try (DataUnitCipher reference = REFERENCE.prepare(mode, key);
        DataUnitCipher cipher = BOUNCY_CASTLE.prepare(mode, key)) {
      for (int time = 0; time < 100; time++) {
        int unitBytes = 16 + random.nextInt(time % 10 == 0 ? 3000 : 120);
        if (!mode.takesAnyLength()) {
          unitBytes -= unitBytes % 16;
        }
        int length = unitBytes * (1 + random.nextInt(5));
        // The number carries through as many limbs as are all ones.
        long dun0 = -1 - random.nextInt(3);
        long dun1 = time % 2 == 0 ? -1 : random.nextLong();
        long dun2 = time % 4 == 0 ? -1 : random.nextLong();
        long dun3 = random.nextLong();
        byte[] plaintext = bytes(random, length);
        byte[] expected = new byte[length];
        byte[] actual = new byte[length];
        byte[] back = new byte[length];
        MemorySegment from = MemorySegment.ofArray(plaintext);
        MemorySegment to = MemorySegment.ofArray(actual);
        MemorySegment predicted = MemorySegment.ofArray(expected);
        MemorySegment decrypted = MemorySegment.ofArray(back);
        reference.encrypt(dun0, dun1, dun2, dun3, unitBytes, from, 0, predicted, 0, length);
        cipher.encrypt(dun0, dun1, dun2, dun3, unitBytes, from, 0, to, 0, length);
        cipher.decrypt(dun0, dun1, dun2, dun3, unitBytes, to, 0, decrypted, 0, length);
        assertThat(actual).as("%d-byte units", unitBytes).isEqualTo(expected);
        assertThat(back).as("%d-byte units", unitBytes).isEqualTo(plaintext);
      }
    }
  }

  private static byte[] bytes(Random random, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    random.nextBytes(bytes);
    return bytes;
  }
}
