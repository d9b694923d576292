package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inlinecrypt.CryptoMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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

/**
 * What every engine must do with its arguments, its key and threads, shown with AES-256-XTS; each
 * engine's test class inherits it. The modes are in {@link EngineModesContract}.
 */
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
  void aReadOnlyTargetIsRefusedAndStaysAsItIs() {
    byte[] content = bytes(4096);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment source = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes(4096));
      for (MemorySegment target :
          List.of(
              MemorySegment.ofArray(content.clone()),
              arena.allocateFrom(ValueLayout.JAVA_BYTE, content))) {
        MemorySegment readOnly = target.asReadOnly();
        for (int unitBytes : new int[] {512, 4096}) {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> cipher.encrypt(0, 0, 0, 0, unitBytes, source, 0, readOnly, 0, 4096))
              .withMessage("the target is a read-only segment");
          assertThatIllegalArgumentException()
              .isThrownBy(() -> cipher.decrypt(0, 0, 0, 0, unitBytes, source, 0, readOnly, 0, 4096))
              .withMessage("the target is a read-only segment");
        }
        assertThat(target.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
      }
    }
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
  void memoryOfAnotherThreadIsRefusedAndNothingIsWritten() throws Exception {
    byte[] content = bytes(MODE.keyBytes());
    MemorySegment own = MemorySegment.ofArray(content.clone());
    int length = content.length;
    try (Arena arena = Arena.ofConfined();
        ExecutorService otherThread = Executors.newSingleThreadExecutor()) {
      MemorySegment foreign = arena.allocateFrom(ValueLayout.JAVA_BYTE, content);
      otherThread
          .submit(() -> {
            assertWrongThread(() -> cipher.encrypt(0, 0, 0, 0, length, foreign, 0, own, 0, length));
            assertWrongThread(() -> cipher.decrypt(0, 0, 0, 0, length, own, 0, foreign, 0, length));
            assertWrongThread(() -> engine().prepare(MODE, foreign));
          })
          .get();
      assertThat(foreign.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
    }
    assertThat(own.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
  }

  private static void assertWrongThread(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(WrongThreadException.class);
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
