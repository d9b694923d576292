package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.h2.mvstore.MVMap;
import org.junit.jupiter.api.Test;

class MetadataDamageTest {
  private final MetadataRegion region = new MetadataRegion(5, 512);
  private final VolatileDevice device = new VolatileDevice(5 + 512, 1);

  @Test
  void aDamagedLastRecordIsIgnoredAsATornOneWouldBe() throws IOException {
    long[] records = journalOfThreeCommits();
    for (long block = records[2]; block < records[3]; block++) {
      flip(block, 100);
      assertThat(numbers(MetadataStore.open(device, region)).keySet()).containsExactly(1L, 2L);
      flip(block, 100);
    }
    assertThat(numbers(MetadataStore.open(device, region)).keySet()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aTornRecordCannotBecomeWholeByPartsOfTheNext() throws IOException {
    long[] records = journalOfThreeCommits();
    flip(records[3] - 1, 100);
    MetadataStore store = MetadataStore.open(device, region);
    numbers(store).put(9L, number(9));
    device.takeLog();
    store.commit();

    // The header goes first, durably; whatever then lands of the new record, the old one is gone.
    assertThat(device.takeLog().getFirst()).startsWith("write " + records[2] + "+1 fua=true");
    assertThat(numbers(MetadataStore.open(device, region)).keySet()).containsExactly(1L, 2L, 9L);
  }

  @Test
  void aDamagedRecordBeforeAWholeOneIsAnErrorThatNamesIt() throws IOException {
    long[] records = journalOfThreeCommits();
    for (int record = 0; record < 2; record++) {
      for (int offset : new int[] {0, 9, 13, 17, 25, 33, 40, 4095}) {
        flip(records[record], offset);
        assertThatThrownBy(() -> MetadataStore.open(device, region))
            .as("record %d, offset %d", record + 1, offset)
            .isInstanceOf(MetadataCorruptException.class)
            .hasMessageContaining("record " + (record + 1) + " at block " + records[record])
            .hasMessageContaining("damaged");
        flip(records[record], offset);
      }
    }
  }

  @Test
  void aFlippedByteAnywhereInTheImageIsAnErrorThatNamesItsBlock() throws IOException {
    int imageBlocks = checkpointedImage();
    Random chance = new Random(4);
    for (int i = 0; i < imageBlocks; i++) {
      long block = region.imageFirstBlock() + i;
      int offset = chance.nextInt(MetadataDevice.BLOCK_BYTES);
      flip(block, offset);
      assertThatThrownBy(() -> MetadataStore.open(device, region))
          .isInstanceOf(MetadataCorruptException.class)
          .hasMessageContaining("metadata block " + block);
      flip(block, offset);
    }
    assertThat(numbers(MetadataStore.open(device, region))).hasSize(1000);
  }

  @Test
  void aFlippedByteInTheCheckpointIsAnError() throws IOException {
    checkpointedImage();
    for (int offset = 0; offset < 40; offset++) {
      flip(region.checkpointBlock(), offset);
      assertThatThrownBy(() -> MetadataStore.open(device, region))
          .as("offset %d", offset)
          .isInstanceOf(MetadataCorruptException.class)
          .hasMessageContaining("block " + region.checkpointBlock());
      flip(region.checkpointBlock(), offset);
    }
  }

  @Test
  void aRegionWithoutStoreIsRefused() {
    assertThatThrownBy(() -> MetadataStore.open(device, region))
        .isInstanceOf(MetadataCorruptException.class)
        .hasMessageContaining("no checkpoint");
  }

  @Test
  void aStoreOfAnotherRegionIsRefused() throws IOException {
    checkpointedImage();
    assertThatThrownBy(() -> MetadataStore.open(device, new MetadataRegion(5, 500)))
        .isInstanceOf(MetadataCorruptException.class)
        .hasMessageContaining("512")
        .hasMessageContaining("500");
  }

  /** The first blocks of the three records, and of what follows. */
  private long[] journalOfThreeCommits() throws IOException {
    MetadataStore.format(device, region);
    MetadataStore store = MetadataStore.open(device, region);
    long[] blocks = new long[4];
    blocks[0] = region.journalFirstBlock();
    for (int i = 0; i < 3; i++) {
      numbers(store).put(i + 1L, number(i));
      device.takeLog();
      store.commit();
      String count = device.takeLog().getFirst().replaceAll("write \\d+\\+(\\d+) .*", "$1");
      blocks[i + 1] = blocks[i] + Integer.parseInt(count);
    }
    return blocks;
  }

  private int checkpointedImage() throws IOException {
    MetadataStore.format(device, region);
    MetadataStore store = MetadataStore.open(device, region);
    for (int i = 0; i < 1000; i++) {
      numbers(store).put((long) i, number(i));
    }
    store.commit();
    int blocks = store.usedBlocks();
    store.close();
    return blocks;
  }

  private void flip(long block, int offset) {
    device.durable(block)[offset] ^= 0x10;
  }

  private static MVMap<Long, byte[]> numbers(MetadataStore store) {
    return store.map("numbers", LongKeyType.INSTANCE, 8);
  }

  private static byte[] number(long number) {
    return ByteBuffer.allocate(8).putLong(number).array();
  }
}
