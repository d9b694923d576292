package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KnownAnswersTest {
  @ParameterizedTest
  @EnumSource
  void aCipherThatDoesNothingIsDisproven(CryptoMode mode) {
    assertThat(KnownAnswers.disproof(mode, key -> new Nothing())).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void anAuthenticatedCipherThatDoesNothingIsDisproven(AeadMode mode) {
    assertThat(KnownAnswers.disproof(mode, key -> new NothingSealed())).isPresent();
  }

  private record Nothing() implements DataUnitCipher {
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
        long lengthBytes) {}

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
        long lengthBytes) {}

    @Override
    public void close() {}
  }

  private record NothingSealed() implements AeadCipher {
    @Override
    public void seal(
        MemorySegment nonce,
        MemorySegment associatedData,
        MemorySegment source,
        MemorySegment target,
        MemorySegment tag) {}

    @Override
    public boolean open(
        MemorySegment nonce,
        MemorySegment associatedData,
        MemorySegment source,
        MemorySegment target,
        MemorySegment tag) {
      return true;
    }

    @Override
    public void close() {}
  }
}
