package blockdev.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class MemoryMediumTest {
  @Test
  void whatWasNeverWrittenReadsAsZeroes() {
    try (MemoryMedium medium = new MemoryMedium(1 << 20)) {
      assertThat(medium.segment().byteSize()).isEqualTo(1 << 20);
      assertThat(medium.segment().mismatch(MemorySegment.ofArray(new byte[1 << 20]))).isEqualTo(-1);
    }
  }

  @Test
  void aMediumStartsOnAPage() {
    try (MemoryMedium medium = new MemoryMedium(512)) {
      assertThat(medium.segment().address() % 4096).isZero();
    }
  }

  @Test
  void aClosedMediumCannotBeRead() {
    MemoryMedium medium = new MemoryMedium(4096);
    MemorySegment bytes = medium.segment();
    medium.close();
    assertThatIllegalStateException().isThrownBy(() -> bytes.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void aMediumOfNoBytesIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemoryMedium(0))
        .withMessageContaining("is 0");
  }
}
