package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.AeadMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every engine must do with each authenticated mode it has, if it has any; a test class of
 * each engine inherits it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EngineAeadContract {
  private static final long SEED = 0x8452;

  private final MemorySegment nonce = heap(AeadMode.NONCE_BYTES);
  private final MemorySegment associatedData = heap(21);

  abstract CipherEngine engine();

  Stream<AeadMode> modes() {
    return Arrays.stream(AeadMode.values()).filter(engine()::supports);
  }

  Stream<AeadVector> vectors() {
    return AeadVector.all().filter(vector -> engine().supports(vector.mode()));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("vectors")
  void knownAnswersComeOutBothWays(AeadVector vector) {
    MemorySegment itsNonce = MemorySegment.ofArray(vector.nonce());
    MemorySegment itsData = MemorySegment.ofArray(vector.associatedData());
    byte[] ciphertext = new byte[vector.plaintext().length];
    byte[] back = new byte[ciphertext.length];
    byte[] tag = new byte[AeadMode.TAG_BYTES];
    try (AeadCipher cipher =
        engine().prepareAead(vector.mode(), MemorySegment.ofArray(vector.key()))) {
      cipher.seal(
          itsNonce,
          itsData,
          MemorySegment.ofArray(vector.plaintext()),
          MemorySegment.ofArray(ciphertext),
          MemorySegment.ofArray(tag));
      assertThat(ciphertext).isEqualTo(vector.ciphertext());
      assertThat(tag).isEqualTo(vector.tag());
      assertThat(
              cipher.open(
                  itsNonce,
                  itsData,
                  MemorySegment.ofArray(ciphertext),
                  MemorySegment.ofArray(back),
                  MemorySegment.ofArray(tag)))
          .isTrue();
      assertThat(back).isEqualTo(vector.plaintext());
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("modes")
  void anyBitThatChangesLeavesZerosAndFalse(AeadMode mode) {
    byte[] plaintext = bytes(100);
    try (AeadCipher cipher = prepare(mode)) {
      MemorySegment sealed = heap(100);
      MemorySegment tag = heap(AeadMode.TAG_BYTES);
      MemorySegment plain = MemorySegment.ofArray(plaintext);
      MemorySegment zeros = MemorySegment.ofArray(new byte[100]);
      cipher.seal(nonce, associatedData, plain, sealed, tag);
      for (MemorySegment part : List.of(nonce, associatedData, sealed, tag)) {
        for (long bit = 0; bit < 8 * part.byteSize(); bit++) {
          flip(part, bit);
          MemorySegment target = heap(100);
          assertThat(cipher.open(nonce, associatedData, sealed, target, tag)).isFalse();
          assertThat(target.mismatch(zeros)).isEqualTo(-1);
          flip(part, bit);
        }
      }
      assertThat(cipher.open(nonce, associatedData, sealed, sealed, tag)).isTrue();
      assertThat(sealed.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(plaintext);
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("modes")
  void heapAndNativeSegmentsInPlaceOrNotGiveTheSameBytes(AeadMode mode) {
    byte[] plaintext = bytes(4099);
    MemorySegment expected = heap(4099);
    MemorySegment expectedTag = heap(AeadMode.TAG_BYTES);
    try (Arena arena = Arena.ofConfined();
        AeadCipher cipher = prepare(mode)) {
      cipher.seal(nonce, associatedData, MemorySegment.ofArray(plaintext), expected, expectedTag);
      MemorySegment nativeNonce = arena.allocate(AeadMode.NONCE_BYTES).copyFrom(nonce);
      MemorySegment nativeData = arena.allocate(21).copyFrom(associatedData);
      for (MemorySegment source : List.of(heap(4099), arena.allocate(4099))) {
        for (MemorySegment target : List.of(heap(4099), arena.allocate(4099), source)) {
          source.copyFrom(MemorySegment.ofArray(plaintext));
          MemorySegment tag = arena.allocate(AeadMode.TAG_BYTES);
          cipher.seal(nativeNonce, nativeData, source.asReadOnly(), target, tag);
          assertThat(target.mismatch(expected)).isEqualTo(-1);
          assertThat(tag.mismatch(expectedTag)).isEqualTo(-1);
          assertThat(cipher.open(nonce, associatedData, target, target, tag.asReadOnly())).isTrue();
          assertThat(target.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(plaintext);
        }
      }
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("modes")
  void wrongLengthsAndOverlapsAreRefused(AeadMode mode) {
    MemorySegment data = heap(64);
    byte[] before = data.toArray(ValueLayout.JAVA_BYTE);
    MemorySegment tag = heap(AeadMode.TAG_BYTES);
    try (AeadCipher cipher = prepare(mode)) {
      assertRefused(cipher, heap(11), data, data, tag, "the nonce must have 12 bytes, has 11");
      assertRefused(cipher, nonce, data, data, heap(15), "the tag must have 16 bytes, has 15");
      assertRefused(
          cipher,
          nonce,
          data,
          heap(63),
          tag,
          "source and target must have one length, have 64 and 63 bytes");
      assertRefused(cipher, nonce, data.asSlice(0, 40), data.asSlice(1, 40), tag, "overlap partly");
      assertRefused(cipher, nonce, data, data, data.asSlice(48, 16), "the tag overlaps the target");
      assertRefused(cipher, data.asSlice(0, 12), data, data, tag, "the nonce overlaps the target");
      assertRefused(
          cipher, nonce, heap(64), data.asReadOnly(), tag, "the target is a read-only segment");
      assertRefused(
          cipher, nonce, data, heap(64), data.asSlice(8, 16), "the tag overlaps the source");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> cipher.seal(nonce, data.asSlice(60), data, data, tag))
          .withMessage("the associated data overlaps the target");
      MemorySegment readOnlyTag = Arena.ofAuto().allocate(AeadMode.TAG_BYTES).asReadOnly();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> cipher.seal(nonce, associatedData, data, data, readOnlyTag))
          .withMessage("the tag is a read-only segment");
    }
    assertThat(data.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(before);
  }

  private void assertRefused(
      AeadCipher cipher,
      MemorySegment itsNonce,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag,
      String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cipher.seal(itsNonce, associatedData, source, target, tag))
        .withMessageContaining(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cipher.open(itsNonce, associatedData, source, target, tag))
        .withMessageContaining(message);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("modes")
  void memoryOfAnotherThreadIsRefusedAndNothingIsWritten(AeadMode mode) throws Exception {
    MemorySegment own = heap(16);
    try (Arena arena = Arena.ofConfined();
        ExecutorService otherThread = Executors.newSingleThreadExecutor();
        AeadCipher cipher = prepare(mode)) {
      MemorySegment foreign = arena.allocate(16);
      MemorySegment foreignNonce = arena.allocate(AeadMode.NONCE_BYTES);
      otherThread
          .submit(() -> {
            assertWrongThread(cipher, foreignNonce, associatedData, own, own, heap(16));
            assertWrongThread(cipher, nonce, foreign, own, own, heap(16));
            assertWrongThread(cipher, nonce, associatedData, foreign, own, heap(16));
            assertWrongThread(cipher, nonce, associatedData, own, foreign, heap(16));
            assertWrongThread(cipher, nonce, associatedData, own, own, foreign);
          })
          .get();
      assertThat(foreign.mismatch(arena.allocate(16))).isEqualTo(-1);
    }
    assertThat(own.mismatch(heap(16))).isEqualTo(-1);
  }

  private static void assertWrongThread(
      AeadCipher cipher,
      MemorySegment itsNonce,
      MemorySegment itsData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag) {
    assertThatExceptionOfType(WrongThreadException.class)
        .isThrownBy(() -> cipher.seal(itsNonce, itsData, source, target, tag));
    assertThatExceptionOfType(WrongThreadException.class)
        .isThrownBy(() -> cipher.open(itsNonce, itsData, source, target, tag));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("modes")
  void aKeyOfTheWrongLengthIsRefused(AeadMode mode) {
    for (int bytes : new int[] {16, 33}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> engine().prepareAead(mode, heap(bytes)))
          .withMessage("%s takes a key of 32 bytes, not %d", mode, bytes);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aModeItLacksIsRefusedByName(AeadMode mode) {
    if (!engine().supports(mode)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> engine().prepareAead(mode, heap(AeadMode.KEY_BYTES)))
          .withMessage("engine %s does not have %s", engine().name(), mode);
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("modes")
  void aClosedCipherRefusesWorkAndClosesAgain(AeadMode mode) {
    MemorySegment data = heap(16);
    AeadCipher cipher = prepare(mode);
    cipher.close();
    cipher.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> cipher.seal(nonce, associatedData, data, data, heap(16)));
    assertThat(data.mismatch(heap(16))).isEqualTo(-1);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("modes")
  void inSteadyStateNothingIsAllocated(AeadMode mode) {
    try (Arena arena = Arena.ofConfined();
        AeadCipher cipher = prepare(mode)) {
      MemorySegment outside = arena.allocate(48);
      MemorySegment inside = heap(48);
      MemorySegment tag = heap(AeadMode.TAG_BYTES);
      SteadyState.assertAllocatesNothing(call -> {
        cipher.seal(nonce, associatedData, outside, inside, tag);
        boolean authentic = cipher.open(nonce, associatedData, inside, outside, tag);
        assert authentic;
      });
    }
  }

  private AeadCipher prepare(AeadMode mode) {
    return engine().prepareAead(mode, heap(AeadMode.KEY_BYTES));
  }

  private static void flip(MemorySegment segment, long bit) {
    byte before = segment.get(ValueLayout.JAVA_BYTE, bit / 8);
    segment.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (before ^ 1 << bit % 8));
  }

  private static MemorySegment heap(int lengthBytes) {
    return MemorySegment.ofArray(bytes(lengthBytes));
  }

  private static byte[] bytes(int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    new Random(SEED).nextBytes(bytes);
    return bytes;
  }
}
