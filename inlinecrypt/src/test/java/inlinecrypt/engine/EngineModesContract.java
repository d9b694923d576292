package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import inlinecrypt.CryptoMode;
import inlinecrypt.DataUnitNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every engine must do with each mode it has; a test class of each engine inherits it. The
 * checks of arguments, which the modes share, are in {@link CipherEngineContract}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EngineModesContract {
  private static final long SEED = 0x38a;

  abstract CipherEngine engine();

  Stream<CryptoMode> modes() {
    return Arrays.stream(CryptoMode.values()).filter(engine()::supports);
  }

  Stream<DataUnitVector> vectors() {
    return DataUnitVector.all().filter(vector -> engine().supports(vector.mode()));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void knownAnswersComeOutBothWays(DataUnitVector vector) {
    byte[] work = vector.plaintext().clone();
    // Units whose numbers are not consecutive go one by one.
    int callBytes = vector.dunStep() == 1 ? work.length : vector.dataUnitSizeBytes();
    try (DataUnitCipher cipher =
        engine().prepare(vector.mode(), MemorySegment.ofArray(vector.key()))) {
      for (boolean encrypt : new boolean[] {true, false}) {
        DataUnitNumber dun = vector.firstDun();
        for (int at = 0; at < work.length; at += callBytes) {
          transform(cipher, encrypt, dun, vector.dataUnitSizeBytes(), work, at, callBytes);
          dun = dun.plus(vector.dunStep());
        }
        if (encrypt) {
          assertThat(VectorFile.sha256(work)).isEqualTo(vector.ciphertextSha256());
        }
      }
    }
    assertThat(work).isEqualTo(vector.plaintext());
  }

  @ParameterizedTest
  @MethodSource("modes")
  void manyUnitsInOneCallAreTheUnitsOneByOne(CryptoMode mode) {
    // Numbers -2 and -1, then a carry through all limbs to 0, 1 and 2.
    DataUnitNumber first = new DataUnitNumber(-2, -1, -1, -1);
    for (int unitBytes : mode.takesAnyLength() ? new int[] {512, 16, 33} : new int[] {512, 16}) {
      byte[] together = bytes(5 * unitBytes);
      byte[] oneByOne = together.clone();
      try (DataUnitCipher cipher = prepare(mode)) {
        transform(cipher, true, first, unitBytes, together, 0, together.length);
        DataUnitNumber dun = first;
        for (int at = 0; at < oneByOne.length; at += unitBytes) {
          transform(cipher, true, dun, unitBytes, oneByOne, at, unitBytes);
          dun = dun.plus(1);
        }
      }
      assertThat(together).as("%d-byte units", unitBytes).isEqualTo(oneByOne);
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void asManyBytesOfTheNumberReachTheIvAsItHas(CryptoMode mode) {
    DataUnitNumber plain = new DataUnitNumber(7, 8, 9, 10);
    List<DataUnitNumber> others =
        List.of(
            new DataUnitNumber(6, 8, 9, 10),
            new DataUnitNumber(7, 7, 9, 10),
            new DataUnitNumber(7, 8, 8, 10),
            new DataUnitNumber(7, 8, 9, 9));
    byte[] plaintext = bytes(512);
    try (DataUnitCipher cipher = prepare(mode)) {
      byte[] ciphertext = encrypt(cipher, plain, plaintext);
      for (int limb = 0; limb < 4; limb++) {
        boolean reaches = 8 * limb < mode.ivBytes();
        assertThat(Arrays.equals(encrypt(cipher, others.get(limb), plaintext), ciphertext))
            .as("limb %d changes nothing", limb)
            .isNotEqualTo(reaches);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void heapAndNativeSegmentsInPlaceOrNotGiveTheSameBytes(CryptoMode mode) {
    int unitBytes = mode.takesAnyLength() ? 4090 : 4096;
    int length = 2 * unitBytes;
    byte[] plaintext = bytes(length);
    byte[] expected = plaintext.clone();
    try (Arena arena = Arena.ofConfined();
        DataUnitCipher cipher = prepare(mode)) {
      transform(cipher, true, DataUnitNumber.of(3), unitBytes, expected, 0, length);
      for (MemorySegment source : List.of(heap(9000), arena.allocate(9000))) {
        for (MemorySegment target : List.of(heap(9000), arena.allocate(9000), source)) {
          long targetOffset = target == source ? 300 : 77;
          MemorySegment.copy(plaintext, 0, source, ValueLayout.JAVA_BYTE, 300, length);
          cipher.encrypt(3, 0, 0, 0, unitBytes, source, 300, target, targetOffset, length);
          MemorySegment ciphertext = target.asSlice(targetOffset, length);
          assertThat(ciphertext.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
          cipher.decrypt(3, 0, 0, 0, unitBytes, ciphertext, 0, ciphertext, 0, length);
          assertThat(ciphertext.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(plaintext);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void partialBlocksAreRefusedWhereTheModeHasNoStealing(CryptoMode mode) {
    MemorySegment segment = heap(33);
    byte[] before = segment.toArray(ValueLayout.JAVA_BYTE);
    try (DataUnitCipher cipher = prepare(mode)) {
      if (!mode.takesAnyLength()) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> cipher.encrypt(0, 0, 0, 0, 33, segment, 0, segment, 0, 33))
            .withMessage(
                "dataUnitSizeBytes must be a multiple of 16 from 16 to 2^24 for "
                    + mode
                    + ", is 33");
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> cipher.decrypt(0, 0, 0, 0, 15, segment, 0, segment, 0, 15))
          .withMessageEndingWith("is 15");
    }
    assertThat(segment.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aKeyOfTheWrongLengthIsRefused(CryptoMode mode) {
    for (int bytes : new int[] {0, mode.keyBytes() - 1, mode.keyBytes() + 1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> engine().prepare(mode, heap(bytes)))
          .withMessage("%s takes a key of %d bytes, not %d", mode, mode.keyBytes(), bytes);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aModeItLacksIsRefusedByName(CryptoMode mode) {
    if (!engine().supports(mode)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> engine().prepare(mode, heap(mode.keyBytes())))
          .withMessage("engine %s does not have %s", engine().name(), mode);
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void inSteadyStateNothingIsAllocated(CryptoMode mode) {
    try (Arena arena = Arena.ofConfined();
        DataUnitCipher cipher = prepare(mode)) {
      MemorySegment outside = arena.allocate(64);
      MemorySegment inside = heap(64);
      SteadyState.assertAllocatesNothing(call -> {
        cipher.encrypt(call, 0, 0, 0, 16, outside, 16, inside, 32, 32);
        cipher.decrypt(call, 0, 0, 0, 16, inside, 32, outside, 16, 32);
        cipher.encrypt(call, 0, 0, 0, 32, outside, 0, outside, 32, 32);
        cipher.encrypt(call, 0, 0, 0, 32, inside, 0, inside, 0, 32);
      });
    }
  }

  private DataUnitCipher prepare(CryptoMode mode) {
    return engine().prepare(mode, heap(mode.keyBytes()));
  }

  private static byte[] encrypt(DataUnitCipher cipher, DataUnitNumber dun, byte[] plaintext) {
    byte[] ciphertext = plaintext.clone();
    transform(cipher, true, dun, plaintext.length, ciphertext, 0, plaintext.length);
    return ciphertext;
  }

  private static void transform(
      DataUnitCipher cipher,
      boolean encrypt,
      DataUnitNumber dun,
      int dataUnitSizeBytes,
      byte[] data,
      int at,
      int lengthBytes) {
    MemorySegment segment = MemorySegment.ofArray(data);
    if (encrypt) {
      cipher.encrypt(
          dun.limb0(),
          dun.limb1(),
          dun.limb2(),
          dun.limb3(),
          dataUnitSizeBytes,
          segment,
          at,
          segment,
          at,
          lengthBytes);
    } else {
      cipher.decrypt(
          dun.limb0(),
          dun.limb1(),
          dun.limb2(),
          dun.limb3(),
          dataUnitSizeBytes,
          segment,
          at,
          segment,
          at,
          lengthBytes);
    }
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
