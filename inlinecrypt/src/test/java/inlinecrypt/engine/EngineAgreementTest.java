package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All engines that have a mode give the same bytes, whatever the key, the numbers and where the
 * bytes lie.
 */
class EngineAgreementTest {
  private static final int MAX_OFFSET_BYTES = 100;

  /** Eight calls of each mode. */
  static LongStream seeds() {
    return LongStream.range(0, 8L * CryptoMode.values().length);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyCallAgreesWithTheReference(long seed) {
    Random random = new Random(seed);
    CryptoMode mode = CryptoMode.values()[(int) seed % CryptoMode.values().length];
    byte[] key = bytes(random, mode.keyBytes());
    int unitBytes =
        mode.takesAnyLength() && random.nextBoolean()
            ? 16 + random.nextInt(5000)
            : 16 << random.nextInt(13); // 16 to 65536
    int length = unitBytes * (1 + random.nextInt(Math.max(1, 16384 / unitBytes)));
    // One start in two lies just below 2^64, so that the number carries.
    long dun0 = random.nextBoolean() ? random.nextLong() : -1 - random.nextInt(4);
    long dun1 = random.nextBoolean() ? random.nextLong() : -1;
    long dun2 = random.nextBoolean() ? random.nextLong() : -1;
    long dun3 = random.nextBoolean() ? random.nextLong() : 0;
    byte[] plaintext = bytes(random, length);
    byte[] expected = new byte[length];
    try (DataUnitCipher reference = prepare("reference", mode, key)) {
      MemorySegment from = MemorySegment.ofArray(plaintext);
      MemorySegment to = MemorySegment.ofArray(expected);
      reference.encrypt(dun0, dun1, dun2, dun3, unitBytes, from, 0, to, 0, length);
    }
    for (CipherEngine engine : CipherEngine.all()) {
      if (!engine.supports(mode)) {
        continue;
      }
      try (Arena arena = Arena.ofConfined();
          DataUnitCipher cipher = prepare(engine.name(), mode, key)) {
        MemorySegment source = place(random, arena, length);
        boolean inPlace = random.nextBoolean();
        MemorySegment target = inPlace ? source : place(random, arena, length);
        long sourceOffset = random.nextInt(MAX_OFFSET_BYTES);
        long targetOffset = inPlace ? sourceOffset : random.nextInt(MAX_OFFSET_BYTES);
        MemorySegment.copy(plaintext, 0, source, ValueLayout.JAVA_BYTE, sourceOffset, length);
        cipher.encrypt(
            dun0, dun1, dun2, dun3, unitBytes, source, sourceOffset, target, targetOffset, length);
        assertThat(contents(target, targetOffset, length)).as(engine.name()).isEqualTo(expected);
        cipher.decrypt(
            dun0, dun1, dun2, dun3, unitBytes, target, targetOffset, source, sourceOffset, length);
        assertThat(contents(source, sourceOffset, length)).as(engine.name()).isEqualTo(plaintext);
      }
    }
  }

  private static DataUnitCipher prepare(String engine, CryptoMode mode, byte[] key) {
    return CipherEngine.named(engine).prepare(mode, MemorySegment.ofArray(key));
  }

  private static MemorySegment place(Random random, Arena arena, int lengthBytes) {
    int sizeBytes = lengthBytes + MAX_OFFSET_BYTES;
    return random.nextBoolean()
        ? MemorySegment.ofArray(new byte[sizeBytes])
        : arena.allocate(sizeBytes);
  }

  private static byte[] contents(MemorySegment segment, long offset, int lengthBytes) {
    return segment.asSlice(offset, lengthBytes).toArray(ValueLayout.JAVA_BYTE);
  }

  private static byte[] bytes(Random random, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    random.nextBytes(bytes);
    return bytes;
  }
}
