package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.media.MemoryMedium;
import blockdev.media.VolatileMedium;
import blockdev.nvme.NvmeStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The volatile write cache: its feature, what Flush is worth, and what Identify says of both. */
class WriteCacheTest {
  private static final int CACHE = 6;
  private static final int SAVE = 1 << 31;
  private static final int ALL_NAMESPACES = 0xFFFF_FFFF;
  private static final int RANGES = 8192;

  private final VolatileMedium medium = new VolatileMedium(new MemoryMedium(HandHost.MEDIUM_BYTES));
  private final HandHost host = HandHost.ready(new LbaFormat(512), medium);

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void whatIsWrittenRestsInTheCacheUntilItIsFlushed() {
    good(Command.write(0, 8, 0, 0));
    assertThat(medium.unflushedBlocks()).isEqualTo(8);
    good(Command.of(0, 1));
    assertThat(medium.unflushedBlocks()).isZero();
  }

  @Test
  void switchingItOffMakesDurableWhatIsInIt() {
    good(Command.write(0, 8, 0, 0));
    set(CACHE, 0);
    assertThat(medium.unflushedBlocks()).isZero();
  }

  @Test
  void whereItIsOffWhatHasEndedIsDurable() {
    set(CACHE, 0);
    good(Command.write(0, 8, 0, 0));
    assertThat(medium.unflushedBlocks()).as("Write").isZero();
    good(Command.writeZeroes(8, 8));
    good(Command.deallocateZeroes(16, 8));
    assertThat(medium.unflushedBlocks()).as("Write Zeroes").isZero();
    host.putRange(RANGES, 0, 8);
    good(Command.deallocate(1, RANGES));
    assertThat(medium.unflushedBlocks()).as("Dataset Management").isZero();
    good(Command.writeUncorrectable(3, 2));
    assertThat(medium.unflushedBlocks()).as("Write Uncorrectable").isZero();
    set(CACHE, 1);
    good(Command.write(0, 8, 0, 0));
    assertThat(medium.unflushedBlocks()).isEqualTo(8);
  }

  @Test
  void flushSucceedsWhetherItIsOnOrOff() {
    assertThat(host.io(Command.of(0, 1))).isEqualTo(NvmeStatus.SUCCESS);
    set(CACHE, 0);
    assertThat(host.io(Command.of(0, 1))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.io(Command.of(0, 2))).isEqualTo(NvmeStatus.INVALID_NAMESPACE);
  }

  @ParameterizedTest(name = "saved: {0}")
  @ValueSource(booleans = {true, false})
  void aResetSwitchesItBackToWhatWasSaved(boolean saved) {
    set(saved ? CACHE | SAVE : CACHE, 0);
    host.controller.writeRegister(0x14, 0);
    host.enable();
    host.makeIoQueues();
    good(Command.write(0, 8, 0, 0));
    assertThat(medium.unflushedBlocks()).isEqualTo(saved ? 0 : 8);
  }

  /** VWC 2:1 is 10b, which says that Flush does not take all namespaces. */
  @Test
  void flushTakesWhatIdentifySays() {
    assertThat(host.admin(Command.of(6, 0).prp(4096, 0).cdw(10, 1))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.memoryAt(4096 + 525, 1)).containsExactly(0b101);
    good(Command.write(0, 8, 0, 0));
    assertThat(host.io(Command.of(0, ALL_NAMESPACES))).isEqualTo(NvmeStatus.INVALID_NAMESPACE);
    assertThat(medium.unflushedBlocks()).isEqualTo(8);
  }

  private void good(Command command) {
    assertThat(host.io(command)).isEqualTo(NvmeStatus.SUCCESS);
  }

  private void set(int cdw10, int value) {
    assertThat(host.admin(Command.of(9, 0).cdw10And11(cdw10, value))).isEqualTo(NvmeStatus.SUCCESS);
  }
}
