package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MetadataRegionTest {
  @Test
  void thePartsFillTheRegionWithoutOverlap() {
    for (int blocks = MetadataRegion.MIN_BLOCKS; blocks < 20_000; blocks += 7) {
      MetadataRegion region = new MetadataRegion(100, blocks);
      assertThat(region.journalFirstBlock()).isEqualTo(region.checkpointBlock() + 1);
      assertThat(region.checksumFirstBlock())
          .isEqualTo(region.journalFirstBlock() + region.journalBlocks());
      assertThat(region.imageFirstBlock())
          .isEqualTo(region.checksumFirstBlock() + region.checksumBlocks());
      assertThat(region.imageFirstBlock() + region.imageBlocks()).isEqualTo(100 + blocks);
    }
  }

  @Test
  void aCommitOfTheWholeImageFitsAnEmptyJournal() {
    for (int blocks = MetadataRegion.MIN_BLOCKS; blocks < 200_000; blocks += 61) {
      MetadataRegion region = new MetadataRegion(0, blocks);
      MetadataJournal journal = new MetadataJournal(new VolatileDevice(0, 0), region);
      assertThat(journal.fits(region.imageBlocks())).as("%d blocks", blocks).isTrue();
    }
  }

  @Test
  void aRegionTooSmallOrBeforeTheDeviceIsRefused() {
    assertThatThrownBy(() -> new MetadataRegion(0, 127))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("127");
    assertThatThrownBy(() -> new MetadataRegion(-1, 128))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }
}
