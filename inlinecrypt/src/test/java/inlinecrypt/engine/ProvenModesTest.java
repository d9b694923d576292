package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ProvenModesTest {
  private static final MemorySegment KEY = MemorySegment.ofArray(new byte[64]);

  private final List<DataUnitCipher> made = new ArrayList<>();

  @Test
  void aModeWhoseAnswersDifferIsRefusedEachTime() {
    ProvenModes modes = modes("broken", key -> made(new WrongNumbers(key)));
    for (int time = 0; time < 2; time++) {
      assertThatIllegalStateException()
          .isThrownBy(() -> modes.prepare(CryptoMode.AES_256_XTS, KEY))
          .withMessageStartingWith("engine broken fails its self-test: AES-256-XTS differs");
    }
  }

  @Test
  void aProofThatWasGivenIsNotAskedForAgain() {
    ProvenModes modes =
        modes("right", key -> made(new ReferenceCipher(CryptoMode.AES_256_XTS, key)));
    modes.prepare(CryptoMode.AES_256_XTS, KEY).close();
    int madeForTheProof = made.size() - 1;
    modes.prepare(CryptoMode.AES_256_XTS, KEY).close();
    assertThat(madeForTheProof).isPositive();
    assertThat(made).hasSize(madeForTheProof + 2);
  }

  @Test
  void aModeTheEngineLacksIsRefusedByName() {
    ProvenModes modes =
        modes("narrow", key -> made(new ReferenceCipher(CryptoMode.AES_256_XTS, key)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> modes.prepare(CryptoMode.SM4_XTS, KEY))
        .withMessage("engine narrow does not have SM4-XTS");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> modes.prepareAead(AeadMode.AES_256_GCM, KEY))
        .withMessage("engine narrow does not have AES-256-GCM");
  }

  private static ProvenModes modes(String name, Function<MemorySegment, DataUnitCipher> xts) {
    return new ProvenModes(name, Map.of(CryptoMode.AES_256_XTS, xts), Map.of());
  }

  private DataUnitCipher made(DataUnitCipher cipher) {
    made.add(cipher);
    return cipher;
  }

  /** Every number is one too high, both ways: a cipher that agrees with nobody but itself. */
  private record WrongNumbers(ReferenceCipher right) implements DataUnitCipher {
    WrongNumbers(MemorySegment key) {
      this(new ReferenceCipher(CryptoMode.AES_256_XTS, key));
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
