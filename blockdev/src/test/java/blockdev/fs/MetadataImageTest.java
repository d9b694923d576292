package blockdev.fs;

import static blockdev.fs.MetadataDevice.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.h2.mvstore.MVStoreException;
import org.junit.jupiter.api.Test;

class MetadataImageTest {
  private final MetadataImage image = new MetadataImage(100, 4 * BLOCK_BYTES);

  @Test
  void onlyWrittenBlocksAreDirtyAndOnlyOnce() {
    write(1, 2);
    assertThat(image.takeDirty().stream()).containsExactly(1, 2);
    assertThat(image.takeDirty().stream()).isEmpty();
  }

  @Test
  void aGapBeforeAWriteIsZeroAndDirtyWhateverWasThereBefore() {
    write(2, 8);
    image.truncate(3 * BLOCK_BYTES);
    image.takeDirty();
    write(6, 1);

    assertThat(image.takeDirty().stream()).containsExactly(3, 4, 5, 6);
    assertThat(image.blocks(5, 1).mismatch(new MetadataImage(100, BLOCK_BYTES).blocks(0, 1)))
        .isEqualTo(-1);
    assertThat(image.blocks(6, 1).get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
  }

  @Test
  void blocksCutOffAgainAreDirtyBecauseTheirOldContentIsLost() {
    write(3, 5);
    image.truncate(5 * BLOCK_BYTES);
    assertThat(image.takeDirty().stream()).containsExactly(3, 4, 5, 6, 7);
  }

  @Test
  void growingKeepsWhatIsThere() {
    write(0, 1);
    write(90, 10);
    assertThat(image.isOversize()).isFalse();
    write(100, 200);
    assertThat(image.isOversize()).isTrue();
    assertThat(image.readFully(null, 0, 1).get()).isEqualTo((byte) 7);
    assertThat(image.readFully(null, 299L * BLOCK_BYTES, 1).get()).isEqualTo((byte) 7);
  }

  @Test
  void readingOutsideIsAnError() {
    assertThatThrownBy(() -> image.readFully(null, 4 * BLOCK_BYTES - 1, 2))
        .isInstanceOf(MVStoreException.class)
        .hasMessageContaining("outside the metadata image");
  }

  private void write(int firstBlock, int blockCount) {
    byte[] content = new byte[blockCount * BLOCK_BYTES];
    Arrays.fill(content, (byte) 7);
    image.writeFully(null, (long) firstBlock * BLOCK_BYTES, ByteBuffer.wrap(content));
  }
}
