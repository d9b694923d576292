package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The three forms of PRPs, on blocks of 512 bytes; page {@code n} holds bytes {@code n}. */
class PrpTest {
  private static final int PAGE = 4096;

  private final HandHost host = HandHost.ready(512, 8);

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void onePageNeedsOnlyTheFirstPointer() {
    fillPages(3);
    assertThat(host.io(Command.write(0, 8, 2 * PAGE, -1))).isEqualTo(NvmeStatus.SUCCESS);
    assertMedium(0, 8, 2);
  }

  @Test
  void theFirstPointerMayStartInsideItsPage() {
    fillPages(3);
    assertThat(host.io(Command.write(0, 2, 2 * PAGE + 3072, -1))).isEqualTo(NvmeStatus.SUCCESS);
    assertMedium(0, 2, 2);
  }

  @Test
  void twoPagesNeedBothPointers() {
    fillPages(6);
    // 1024 bytes of page 2, then 3072 of page 5
    assertThat(host.io(Command.write(0, 8, 2 * PAGE + 3072, 5 * PAGE)))
        .isEqualTo(NvmeStatus.SUCCESS);
    assertMedium(0, 2, 2);
    assertMedium(2, 6, 5);
  }

  @Test
  void morePagesNeedAListThatMayStartInsideItsPage() {
    fillPages(9);
    list(100 * PAGE + 8, 7 * PAGE, 3 * PAGE, 8 * PAGE);
    assertThat(host.io(Command.write(0, 32, 2 * PAGE, 100 * PAGE + 8)))
        .isEqualTo(NvmeStatus.SUCCESS);
    assertMedium(0, 8, 2);
    assertMedium(8, 8, 7);
    assertMedium(16, 8, 3);
    assertMedium(24, 8, 8);
  }

  @Test
  void theLastEntryOfAListPagePointsToTheNextIfThereIsMore() {
    fillPages(9);
    list(101 * PAGE - 16, 7 * PAGE, 200 * PAGE);
    list(200 * PAGE, 3 * PAGE, 8 * PAGE);
    assertThat(host.io(Command.write(0, 32, 2 * PAGE, 101 * PAGE - 16)))
        .isEqualTo(NvmeStatus.SUCCESS);
    assertMedium(8, 8, 7);
    assertMedium(16, 8, 3);
    assertMedium(24, 8, 8);
  }

  @Test
  void theLastEntryOfAListPageIsDataIfItIsTheLastOfAll() {
    fillPages(9);
    list(101 * PAGE - 16, 7 * PAGE, 8 * PAGE);
    assertThat(host.io(Command.write(0, 24, 2 * PAGE, 101 * PAGE - 16)))
        .isEqualTo(NvmeStatus.SUCCESS);
    assertMedium(16, 8, 8);
  }

  @Test
  void theLargestTransferFromInsideAPageHas257Pages() {
    fillPages(300);
    long[] pages = new long[256];
    for (int i = 0; i < 256; i++) {
      pages[i] = (3L + i) * PAGE;
    }
    list(400 * PAGE, pages);
    assertThat(host.io(Command.write(0, 2048, 2 * PAGE + 512, 400 * PAGE)))
        .isEqualTo(NvmeStatus.SUCCESS);
    assertMedium(0, 7, 2);
    assertMedium(7, 8, 3);
    assertMedium(2047, 1, 258);
  }

  @Test
  void pagesOutOfOrderAreRunsOfTheirOwn() {
    fillPages(10);
    long[] pages = {9 * PAGE, 8 * PAGE, 7 * PAGE};
    list(100 * PAGE, pages);
    assertThat(host.io(Command.write(0, 32, 6 * PAGE, 100 * PAGE))).isEqualTo(NvmeStatus.SUCCESS);
    assertMedium(0, 8, 6);
    assertMedium(8, 8, 9);
    assertMedium(16, 8, 8);
    assertMedium(24, 8, 7);
  }

  @Test
  void aReadFillsThePagesAndNothingElse() {
    fillPages(8);
    host.medium.segment().asSlice(0, 8192).fill((byte) 0x77);
    assertThat(host.io(Command.read(0, 3, 2 * PAGE + 3584, 5 * PAGE)))
        .isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.memoryAt(2 * PAGE + 3584, 512)).containsOnly(0x77);
    assertThat(host.memoryAt(5 * PAGE, 1024)).containsOnly(0x77);
    assertThat(host.memoryAt(2 * PAGE, 3584)).containsOnly(2);
    assertThat(host.memoryAt(5 * PAGE + 1024, 3072)).containsOnly(5);
    assertThat(host.memoryAt(3 * PAGE, 2 * PAGE)).doesNotContain(0x77);
  }

  private void fillPages(int count) {
    for (int page = 0; page < count; page++) {
      host.fill((long) page * PAGE, PAGE, page);
    }
  }

  private void list(long at, long... entries) {
    for (int i = 0; i < entries.length; i++) {
      host.memory.set(ValueLayout.JAVA_LONG, at + 8L * i, entries[i]);
    }
  }

  private void assertMedium(int block, int blocks, int value) {
    assertThat(host.mediumAt(block * 512L, blocks * 512)).containsOnly(value);
  }
}
