package blockdev.queue.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import blockdev.DeviceModel;
import blockdev.SimulationConfig;
import blockdev.bio.QueueLimits;
import blockdev.queue.layer.StripedTarget.Stripe;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where the sectors of a table lie, and which tables there cannot be. */
class MappingTableTest {
  private final Disks disks =
      new Disks(
          SimulationConfig.defaults(),
          1 << 20,
          Disks.SMALL_BLOCKS,
          Disks.SMALL_BLOCKS,
          DeviceModel.ufs(4)); // the third has blocks of 8 sectors

  @AfterEach
  void close() {
    disks.close();
  }

  @Test
  void aLinearTargetIsSectorsInARow() {
    LinearTarget target = new LinearTarget(disks.device(1), 100, 50);
    assertThat(target.deviceSector(0)).isEqualTo(100);
    assertThat(target.deviceSector(49)).isEqualTo(149);
    assertThat(target.runSectors(0)).isEqualTo(50);
    assertThat(target.runSectors(49)).isEqualTo(1);
  }

  @Test
  void aStripedTargetIsAChunkOnEachDeviceInTurn() {
    StripedTarget target =
        new StripedTarget(
            18, 3, List.of(new Stripe(disks.device(0), 100), new Stripe(disks.device(1), 7)));
    assertThat(places(target))
        .containsExactly(
            "0:100", "0:101", "0:102", "1:7", "1:8", "1:9", "0:103", "0:104", "0:105", "1:10",
            "1:11", "1:12", "0:106", "0:107", "0:108", "1:13", "1:14", "1:15");
    assertThat(target.runSectors(0)).isEqualTo(3);
    assertThat(target.runSectors(4)).isEqualTo(2);
    assertThat(target.runSectors(17)).isEqualTo(1);
  }

  private static List<String> places(Target target) {
    List<String> places = new ArrayList<>();
    for (long sector = 0; sector < target.sectors(); sector++) {
      places.add(target.deviceIndex(sector) + ":" + target.deviceSector(sector));
    }
    return places;
  }

  @Test
  void aTableFindsTheTargetOfASector() {
    MappingTable table =
        new MappingTable(
            new LinearTarget(disks.device(0), 0, 5),
            new LinearTarget(disks.device(1), 0, 1),
            new LinearTarget(disks.device(0), 5, 10));
    assertThat(table.sectors()).isEqualTo(16);
    assertThat(List.of(0L, 4L, 5L, 6L, 15L))
        .extracting(table::targetIndex)
        .containsExactly(0, 0, 1, 2, 2);
    assertThat(table.startSector(2)).isEqualTo(6);
    assertThat(table.devices()).containsExactly(disks.device(0), disks.device(1));
  }

  @Test
  void aTableHasTheLargestBlockAndTheSmallestRequestsOfItsDevices() {
    MappingTable table =
        new MappingTable(
            new LinearTarget(disks.device(0), 0, 8), new LinearTarget(disks.device(2), 0, 8));
    QueueLimits below = disks.device(0).limits();
    assertThat(table.limits())
        .isEqualTo(
            new QueueLimits(4096, below.maxBytes(), below.maxSegments())
                .withRanges(below.maxDiscardSectors(), below.maxWriteZeroesSectors()));
  }

  @Test
  void sectorsThatADeviceDoesNotHaveAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LinearTarget(disks.device(0), 2000, 49))
        .withMessage("49 sectors from sector 2000 on do not fit on a device of 2048");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LinearTarget(disks.device(0), -1, 49));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LinearTarget(disks.device(0), 0, 0))
        .withMessageContaining("is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stripes(4098, 3, 0))
        .withMessageContaining("do not fit");
  }

  @Test
  void aBorderInsideABlockOfADeviceIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LinearTarget(disks.device(2), 4, 8))
        .withMessage("startSector must be a multiple of the block of 8 sectors, is 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LinearTarget(disks.device(2), 8, 12))
        .withMessageContaining("sectors must be");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new StripedTarget(
                24, 12, List.of(new Stripe(disks.device(0), 0), new Stripe(disks.device(2), 0))))
        .withMessageContaining("is 12");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new MappingTable(
                new LinearTarget(disks.device(0), 0, 3), new LinearTarget(disks.device(2), 0, 8)))
        .withMessageContaining("start of target 1");
  }

  @Test
  void stripesThatAreNotWholeChunksAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stripes(20, 3, 0))
        .withMessage("20 sectors are no whole chunks of 3 on each of 2 stripes");
    assertThatIllegalArgumentException().isThrownBy(() -> stripes(20, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new StripedTarget(20, 1, List.of()));
  }

  private StripedTarget stripes(long sectors, int chunkSectors, long startSector) {
    return new StripedTarget(
        sectors,
        chunkSectors,
        List.of(
            new Stripe(disks.device(0), startSector), new Stripe(disks.device(1), startSector)));
  }

  @Test
  void aTableWithoutTargetsIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new MappingTable(List.of()));
  }

  @Test
  void devicesOfTwoSimulationsAreRefused() {
    try (Disks others = Disks.of(1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() ->
              new MappingTable(
                  new LinearTarget(disks.device(0), 0, 8),
                  new LinearTarget(others.device(0), 0, 8)))
          .withMessageContaining("different simulations");
    }
  }
}
