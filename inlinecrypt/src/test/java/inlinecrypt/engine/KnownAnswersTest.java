package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownAnswersTest {
  private static final MemorySegment KEY = MemorySegment.ofArray(new byte[64]);

  private final List<DataUnitCipher> made = new ArrayList<>();

  @Test
  void anEngineWhoseAnswersDifferIsRefusedEachTime() {
    KnownAnswers answers = new KnownAnswers("broken", key -> made(new WrongNumbers(key)));
    for (int time = 0; time < 2; time++) {
      assertThatIllegalStateException()
          .isThrownBy(() -> answers.admit(CryptoMode.AES_256_XTS, KEY))
          .withMessageContaining("engine broken fails its self-test")
          .withMessageContaining("data unit number (0, 0)");
    }
  }

  @Test
  void aProofThatWasGivenIsNotAskedForAgain() {
    KnownAnswers answers = new KnownAnswers("reference", key -> made(new ReferenceXts(key)));
    for (int time = 0; time < 3; time++) {
      assertThatCode(() -> answers.admit(CryptoMode.AES_256_XTS, KEY)).doesNotThrowAnyException();
    }
    assertThat(made).hasSize(1);
  }

  private DataUnitCipher made(DataUnitCipher cipher) {
    made.add(cipher);
    return cipher;
  }

  /** Every number is one too high, both ways: a cipher that agrees with nobody but itself. */
  private record WrongNumbers(ReferenceXts right) implements DataUnitCipher {
    WrongNumbers(MemorySegment key) {
      this(new ReferenceXts(key));
    }

    @Override
    public void encrypt(
        long dun0,
        long dun1,
        long dun2,
        long dun3,
        int dataUnitSizeBytes,
        MemorySegment source,
        long sourceOffsetBytes,
        MemorySegment target,
        long targetOffsetBytes,
        long lengthBytes) {
      right.encrypt(
          dun0 + 1,
          dun1,
          dun2,
          dun3,
          dataUnitSizeBytes,
          source,
          sourceOffsetBytes,
          target,
          targetOffsetBytes,
          lengthBytes);
    }

    @Override
    public void decrypt(
        long dun0,
        long dun1,
        long dun2,
        long dun3,
        int dataUnitSizeBytes,
        MemorySegment source,
        long sourceOffsetBytes,
        MemorySegment target,
        long targetOffsetBytes,
        long lengthBytes) {
      right.decrypt(
          dun0 + 1,
          dun1,
          dun2,
          dun3,
          dataUnitSizeBytes,
          source,
          sourceOffsetBytes,
          target,
          targetOffsetBytes,
          lengthBytes);
    }

    @Override
    public void close() {
      right.close();
    }
  }
}
