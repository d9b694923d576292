package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import inlinecrypt.CryptoMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every engine must do with AES-256-XTS; each engine's test class inherits it. */
abstract class CipherEngineContract {
  private static final CryptoMode MODE = CryptoMode.AES_256_XTS;
  private static final long SEED = 0x1619;

  private final Random random = new Random(SEED);
  private final byte[] key = bytes(MODE.keyBytes());
  private DataUnitCipher cipher;

  abstract CipherEngine engine();

  @BeforeEach
  void prepare() {
    cipher = engine().prepare(MODE, MemorySegment.ofArray(key));
  }

  @AfterEach
  void close() {
    cipher.close();
  }

  @Test
  void itIsHereAndFoundByItsName() {
    assertThat(engine().unavailableBecause()).isEmpty();
    assertThat(CipherEngine.named(engine().name())).isSameAs(engine());
    assertThat(CipherEngine.all()).contains(engine());
  }

  @Test
  void itPassesItsSelfTest() {
    assertThat(engine().selfTest()).isEmpty();
  }

  static Stream<XtsVector> vectors() {
    return XtsVector.all();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void knownAnswersComeOutBothWays(XtsVector vector) {
    byte[] ciphertext = new byte[vector.plaintext().length];
    byte[] back = new byte[ciphertext.length];
    try (DataUnitCipher keyed = engine().prepare(MODE, MemorySegment.ofArray(vector.key()))) {
      keyed.encrypt(
          vector.dun0(),
          vector.dun1(),
          0,
          0,
          vector.dataUnitSizeBytes(),
          MemorySegment.ofArray(vector.plaintext()),
          0,
          MemorySegment.ofArray(ciphertext),
          0,
          ciphertext.length);
      keyed.decrypt(
          vector.dun0(),
          vector.dun1(),
          0,
          0,
          vector.dataUnitSizeBytes(),
          MemorySegment.ofArray(ciphertext),
          0,
          MemorySegment.ofArray(back),
          0,
          back.length);
    }
    assertThat(XtsVector.sha256(ciphertext)).isEqualTo(vector.ciphertextSha256());
    assertThat(back).isEqualTo(vector.plaintext());
  }

  @Test
  void manyUnitsInOneCallAreTheUnitsOneByOne() {
    byte[] plaintext = bytes(5 * 512);
    byte[] together = encrypt(-2, -1, plaintext, 512);
    byte[] oneByOne = new byte[plaintext.length];
    // Units -2 and -1 of limb 0, then a carry through both limbs of the IV to 0, 1 and 2.
    for (int unit = 0; unit < 5; unit++) {
      byte[] plain = Arrays.copyOfRange(plaintext, unit * 512, unit * 512 + 512);
      byte[] secret = encrypt(unit - 2, unit < 2 ? -1 : 0, plain, 512);
      System.arraycopy(secret, 0, oneByOne, unit * 512, 512);
    }
    assertThat(together).isEqualTo(oneByOne);
  }

  @Test
  void onlyTheLowSixteenBytesOfTheNumberReachTheIv() {
    byte[] plaintext = bytes(1024);
    byte[] target = new byte[1024];
    MemorySegment from = MemorySegment.ofArray(plaintext);
    cipher.encrypt(7, 8, 9, 10, 512, from, 0, MemorySegment.ofArray(target), 0, 1024);
    assertThat(target).isEqualTo(encrypt(7, 8, plaintext, 512));
  }

  @Test
  void heapAndNativeSegmentsInPlaceOrNotGiveTheSameBytes() {
    byte[] plaintext = bytes(8192);
    byte[] expected = encrypt(3, 0, plaintext, 4096);
    try (Arena arena = Arena.ofConfined()) {
      for (MemorySegment source : List.of(heap(9000), arena.allocate(9000))) {
        for (MemorySegment target : List.of(heap(9000), arena.allocate(9000), source)) {
          long targetOffset = target == source ? 300 : 77;
          MemorySegment.copy(plaintext, 0, source, ValueLayout.JAVA_BYTE, 300, 8192);
          cipher.encrypt(3, 0, 0, 0, 4096, source, 300, target, targetOffset, 8192);
          MemorySegment ciphertext = target.asSlice(targetOffset, 8192);
          assertThat(ciphertext.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
          cipher.decrypt(3, 0, 0, 0, 4096, ciphertext, 0, ciphertext, 0, 8192);
          assertThat(ciphertext.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(plaintext);
        }
      }
    }
  }

  @Test
  void arraysOfOtherTypesAndReadOnlySourcesWork() {
    byte[] plaintext = bytes(512);
    long[] longs = new long[64];
    MemorySegment.copy(
        MemorySegment.ofArray(plaintext), 0, MemorySegment.ofArray(longs), 0, plaintext.length);
    MemorySegment source = MemorySegment.ofArray(longs).asReadOnly();
    int[] target = new int[128];
    cipher.encrypt(1, 0, 0, 0, 512, source, 0, MemorySegment.ofArray(target), 0, 512);
    assertThat(MemorySegment.ofArray(target).toArray(ValueLayout.JAVA_BYTE))
        .isEqualTo(encrypt(1, 0, plaintext, 512));
  }

  @Test
  void bytesAroundTheTargetStayAsTheyAre() {
    byte[] target = bytes(2048);
    byte[] before = target.clone();
    MemorySegment source = MemorySegment.ofArray(bytes(1024));
    cipher.encrypt(0, 0, 0, 0, 512, source, 0, MemorySegment.ofArray(target), 500, 1024);
    assertThat(Arrays.copyOf(target, 500)).isEqualTo(Arrays.copyOf(before, 500));
    assertThat(Arrays.copyOfRange(target, 1524, 2048))
        .isEqualTo(Arrays.copyOfRange(before, 1524, 2048));
  }

  @Test
  void noDataUnitsAtAllIsNoError() {
    byte[] target = bytes(16);
    byte[] before = target.clone();
    MemorySegment segment = MemorySegment.ofArray(target);
    cipher.encrypt(0, 0, 0, 0, 512, segment, 16, segment, 0, 0);
    assertThat(target).isEqualTo(before);
  }

  @Test
  void theKeyIsReadWhilePreparingAndNotAfterwards() {
    byte[] plaintext = bytes(512);
    byte[] before = encrypt(0, 0, plaintext, 512);
    Arrays.fill(key, (byte) 0x55);
    assertThat(encrypt(0, 0, plaintext, 512)).isEqualTo(before);
  }

  @Test
  void aKeyMayBeReadOnlyOrNative() {
    byte[] plaintext = bytes(512);
    byte[] expected = encrypt(5, 0, plaintext, 512);
    try (Arena arena = Arena.ofConfined()) {
      for (MemorySegment copy :
          List.of(
              MemorySegment.ofArray(key).asReadOnly(),
              arena.allocateFrom(ValueLayout.JAVA_BYTE, key))) {
        close();
        cipher = engine().prepare(MODE, copy);
        assertThat(encrypt(5, 0, plaintext, 512)).isEqualTo(expected);
      }
    }
  }

  @Test
  void aKeyOfTheWrongLengthIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine().prepare(MODE, heap(32)))
        .withMessage("AES-256-XTS takes a key of 64 bytes, not 32");
  }

  @Test
  void aDataUnitSizeThatDoesNotSuitIsRefused() {
    for (int size : new int[] {0, -512, 8, 15, (1 << 24) + 1}) {
      assertRefused(size, 100, 100, 0, IllegalArgumentException.class, "is " + size);
    }
  }

  @Test
  void aLengthOfPartialUnitsIsRefused() {
    assertRefused(512, 0, 2048, 513, IllegalArgumentException.class, "513");
  }

  @Test
  void aRangeOutsideItsSegmentIsRefused() {
    assertRefused(512, -1, 2048, 512, IndexOutOfBoundsException.class, "-1");
    assertRefused(512, 0, 4000, 512, IndexOutOfBoundsException.class, "4000");
    assertRefused(512, 3585, 0, 512, IndexOutOfBoundsException.class, "3585");
    assertRefused(512, 0, 0, -512, IndexOutOfBoundsException.class, "-512");
    assertRefused(512, 512, Long.MAX_VALUE, 512, IndexOutOfBoundsException.class, "");
  }

  @Test
  void partialOverlapIsRefusedAndTouchingIsNot() {
    assertRefused(512, 0, 1, 512, IllegalArgumentException.class, "overlap");
    assertRefused(512, 1023, 0, 1024, IllegalArgumentException.class, "overlap");
    MemorySegment segment = heap(4096);
    cipher.encrypt(0, 0, 0, 0, 512, segment, 0, segment, 512, 512);
    // Two arrays whose ranges would overlap if they were one.
    cipher.encrypt(0, 0, 0, 0, 512, segment, 0, heap(4096), 1, 512);
  }

  @Test
  void aReadOnlyTargetIsRefused() {
    MemorySegment target = heap(512).asReadOnly();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cipher.encrypt(0, 0, 0, 0, 512, heap(512), 0, target, 0, 512))
        .withMessageContaining("read-only");
  }

  @Test
  void aClosedArenaIsRefused() {
    MemorySegment gone;
    try (Arena arena = Arena.ofConfined()) {
      gone = arena.allocate(512);
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> cipher.encrypt(0, 0, 0, 0, 512, gone, 0, heap(512), 0, 512));
    assertThatIllegalStateException()
        .isThrownBy(() -> cipher.decrypt(0, 0, 0, 0, 512, heap(512), 0, gone, 0, 512));
  }

  @Test
  void aClosedCipherRefusesWorkAndClosesAgain() {
    encrypt(0, 0, bytes(512), 512);
    cipher.close();
    assertRefused(512, 0, 2048, 512, IllegalStateException.class, "closed");
    cipher.close();
  }

  @Test
  void twoThreadsMayWorkAtOnce() throws Exception {
    byte[] plaintext = bytes(4096);
    byte[] expected = encrypt(9, 0, plaintext, 512);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Boolean>> outcomes =
          Stream.generate(() ->
                  threads.submit(() -> {
                    boolean same = true;
                    for (int i = 0; i < 100; i++) {
                      same &= Arrays.equals(encrypt(9, 0, plaintext, 512), expected);
                    }
                    return same;
                  }))
              .limit(2)
              .toList();
      for (Future<Boolean> outcome : outcomes) {
        assertThat(outcome.get()).isTrue();
      }
    }
  }

  @Test
  void inSteadyStateNothingIsAllocated() {
    try (Arena arena = Arena.ofConfined()) {
      assertSteadyStateAllocatesNothing(arena.allocate(64), arena.allocate(64));
      assertSteadyStateAllocatesNothing(heap(64), heap(64));
      assertSteadyStateAllocatesNothing(arena.allocate(64), heap(64));
    }
  }

  /** Rounds are repeated until the compilers are done; a leak of garbage never ends. */
  private void assertSteadyStateAllocatesNothing(MemorySegment source, MemorySegment target) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int callsPerRound = 50_000;
    long allocatedBytes = Long.MAX_VALUE;
    for (int round = 0; round < 30 && allocatedBytes > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int call = 0; call < callsPerRound; call++) {
        cipher.encrypt(call, 0, 0, 0, 16, source, 16, target, 32, 32);
        cipher.decrypt(call, 0, 0, 0, 16, target, 32, source, 16, 32);
      }
      allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(allocatedBytes).as("bytes in %d calls each way", callsPerRound).isZero();
  }

  /** Both directions, on heap and native memory, throw and leave 4096 bytes as they were. */
  private void assertRefused(
      int dataUnitSizeBytes,
      long sourceOffset,
      long targetOffset,
      long length,
      Class<? extends RuntimeException> refusal,
      String message) {
    byte[] content = bytes(4096);
    try (Arena arena = Arena.ofConfined()) {
      for (MemorySegment segment :
          List.of(
              MemorySegment.ofArray(content.clone()),
              arena.allocateFrom(ValueLayout.JAVA_BYTE, content))) {
        assertThatThrownBy(() ->
                cipher.encrypt(
                    0,
                    0,
                    0,
                    0,
                    dataUnitSizeBytes,
                    segment,
                    sourceOffset,
                    segment,
                    targetOffset,
                    length))
            .isInstanceOf(refusal)
            .hasMessageContaining(message);
        assertThatThrownBy(() ->
                cipher.decrypt(
                    0,
                    0,
                    0,
                    0,
                    dataUnitSizeBytes,
                    segment,
                    sourceOffset,
                    segment,
                    targetOffset,
                    length))
            .isInstanceOf(refusal)
            .hasMessageContaining(message);
        assertThat(segment.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
      }
    }
  }

  private byte[] encrypt(long dun0, long dun1, byte[] plaintext, int dataUnitSizeBytes) {
    byte[] ciphertext = plaintext.clone();
    MemorySegment segment = MemorySegment.ofArray(ciphertext);
    cipher.encrypt(dun0, dun1, 0, 0, dataUnitSizeBytes, segment, 0, segment, 0, ciphertext.length);
    return ciphertext;
  }

  private MemorySegment heap(int lengthBytes) {
    return MemorySegment.ofArray(bytes(lengthBytes));
  }

  final byte[] bytes(int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    random.nextBytes(bytes);
    return bytes;
  }
}
