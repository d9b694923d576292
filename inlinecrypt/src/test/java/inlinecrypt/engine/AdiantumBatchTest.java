package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Engines take Adiantum's data units through the stream cipher several at once, as many as fill its
 * lanes and no more than there are. Whatever is left of a call for the last of them, and whether a
 * unit ends in the middle of a block or not, all engines that have the mode agree.
 */
class AdiantumBatchTest {
  private static final int[] EDGES = {16, 17, 31, 32, 79, 80, 81, 512, 1040, 4096, 32784, 65536};
  private static final int CALL_BYTES = 70_000; // more than two batches of all but the longest

  @ParameterizedTest
  @EnumSource(names = {"ADIANTUM", "ADIANTUM_XCHACHA20"})
  void anyNumberOfUnitsOfAnySizeAgreesWithTheReference(CryptoMode mode) {
    Random random = new Random(mode.name().hashCode());
    byte[] key = bytes(random, mode.keyBytes());
    List<DataUnitCipher> ciphers = new ArrayList<>();
    try (DataUnitCipher reference = prepare("reference", mode, key)) {
      for (CipherEngine engine : CipherEngine.all()) {
        if (engine.supports(mode) && !engine.name().equals("reference")) {
          ciphers.add(prepare(engine.name(), mode, key));
        }
      }
      assertThat(ciphers).isNotEmpty();
      for (int unitBytes : unitSizes(random)) {
        int most = Math.min(200, Math.max(1, CALL_BYTES / unitBytes));
        agree(random, reference, ciphers, unitBytes, most);
        agree(random, reference, ciphers, unitBytes, 1 + random.nextInt(most));
      }
    } finally {
      ciphers.forEach(DataUnitCipher::close);
    }
  }

  private static void agree(
      Random random,
      DataUnitCipher reference,
      List<DataUnitCipher> ciphers,
      int unitBytes,
      int count) {
    String what = count + " units of " + unitBytes + " bytes";
    int length = count * unitBytes;
    long dun0 = -1 - random.nextInt(count); // Carries inside the call.
    byte[] plaintext = bytes(random, length);
    MemorySegment plain = MemorySegment.ofArray(plaintext);
    byte[] expected = new byte[length];
    MemorySegment to = MemorySegment.ofArray(expected);
    reference.encrypt(dun0, -1, 7, 0, unitBytes, plain, 0, to, 0, length);
    for (DataUnitCipher cipher : ciphers) {
      byte[] found = new byte[length];
      MemorySegment target = MemorySegment.ofArray(found);
      cipher.encrypt(dun0, -1, 7, 0, unitBytes, plain, 0, target, 0, length);
      assertThat(found).as(what).isEqualTo(expected);
      cipher.decrypt(dun0, -1, 7, 0, unitBytes, target, 0, target, 0, length);
      assertThat(found).as(what).isEqualTo(plaintext);
    }
  }

  private static int[] unitSizes(Random random) {
    int[] sizes = new int[2 * EDGES.length];
    for (int i = 0; i < EDGES.length; i++) {
      sizes[2 * i] = EDGES[i];
      sizes[2 * i + 1] = 1 + 2 * (8 + random.nextInt(EDGES[i])); // odd
    }
    return sizes;
  }

  private static DataUnitCipher prepare(String engine, CryptoMode mode, byte[] key) {
    return CipherEngine.named(engine).prepare(mode, MemorySegment.ofArray(key));
  }

  private static byte[] bytes(Random random, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    random.nextBytes(bytes);
    return bytes;
  }
}
