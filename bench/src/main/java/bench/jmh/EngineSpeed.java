package bench.jmh;

import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;

/**
 * A first impression of an engine's speed, in less time than JMH needs to start: 64 KiB a call, in
 * native memory that stays in the cache, one thread.
 */
public record EngineSpeed(
    int dataUnitSizeBytes, double encryptBytesPerSecond, double decryptBytesPerSecond) {
  private static final int RUN_BYTES = 65536;
  private static final double WARM_UP_SECONDS = 0.25;

  /** Measures each size for {@code seconds} each way, after one warm-up of half a second. */
  public static List<EngineSpeed> measure(
      CipherEngine engine, CryptoMode mode, List<Integer> dataUnitSizesBytes, double seconds) {
    byte[] key = new byte[mode.keyBytes()];
    key[0] = 1; // the halves of an XTS key must differ
    try (Arena arena = Arena.ofConfined();
        DataUnitCipher cipher = engine.prepare(mode, MemorySegment.ofArray(key))) {
      MemorySegment source = arena.allocate(RUN_BYTES);
      MemorySegment target = arena.allocate(RUN_BYTES);
      int smallestBytes = Collections.min(dataUnitSizesBytes);
      bytesPerSecond(encryption(cipher, smallestBytes, source, target), WARM_UP_SECONDS);
      bytesPerSecond(decryption(cipher, smallestBytes, source, target), WARM_UP_SECONDS);
      return dataUnitSizesBytes.stream()
          .map(size ->
              new EngineSpeed(
                  size,
                  bytesPerSecond(encryption(cipher, size, source, target), seconds),
                  bytesPerSecond(decryption(cipher, size, source, target), seconds)))
          .toList();
    }
  }

  private static Runnable encryption(
      DataUnitCipher cipher, int dataUnitSizeBytes, MemorySegment source, MemorySegment target) {
    return () -> cipher.encrypt(0, 0, 0, 0, dataUnitSizeBytes, source, 0, target, 0, RUN_BYTES);
  }

  private static Runnable decryption(
      DataUnitCipher cipher, int dataUnitSizeBytes, MemorySegment source, MemorySegment target) {
    return () -> cipher.decrypt(0, 0, 0, 0, dataUnitSizeBytes, source, 0, target, 0, RUN_BYTES);
  }

  private static double bytesPerSecond(Runnable run, double seconds) {
    long startNs = System.nanoTime();
    double elapsedNs;
    long runs = 0;
    do {
      run.run();
      runs++;
      elapsedNs = System.nanoTime() - startNs;
    } while (elapsedNs < seconds * 1e9);
    return runs * RUN_BYTES / elapsedNs * 1e9;
  }
}
