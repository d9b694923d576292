package bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExtentWorkloadTest {
  private static final int IOS = 100_000;

  @Test
  void equalWorkloadsHaveTheSameIos() {
    IoSequence one = new ExtentWorkload(256, 16, IOS, 7).ios();
    IoSequence same = new ExtentWorkload(256, 16, IOS, 7).ios();
    IoSequence other = new ExtentWorkload(256, 16, IOS, 8).ios();
    assertThat(blocks(one)).isEqualTo(blocks(same)).isNotEqualTo(blocks(other));
    assertThat(writes(one)).isEqualTo(writes(same));
  }

  @Test
  void blocksLieOnTheDevice() {
    ExtentWorkload workload = new ExtentWorkload(3, 2, IOS, 1);
    assertThat(workload.deviceBytes()).isEqualTo(6 * 65_536);
    assertThat(Arrays.stream(blocks(workload.ios())).summaryStatistics())
        .returns(0, IntSummaryStatistics::getMin)
        .returns(6 * 16 - 1, IntSummaryStatistics::getMax);
  }

  @Test
  void sevenOfTenIosAreReads() {
    long writes = writes(new ExtentWorkload(256, 16, IOS, 1).ios());
    assertThat(writes / (double) IOS).isCloseTo(0.30, within(0.01));
  }

  @Test
  void aRankIsDrawnInProportionToItsReciprocal() {
    ZipfTable ranks = new ZipfTable(3); // 6/11, 3/11, 2/11
    Random random = new Random(1);
    int[] draws = new int[3];
    for (int i = 0; i < IOS; i++) {
      draws[ranks.draw(random)]++;
    }
    assertThat(draws[0] / (double) IOS).isCloseTo(6 / 11.0, within(0.01));
    assertThat(draws[1] / (double) IOS).isCloseTo(3 / 11.0, within(0.01));
    assertThat(draws[2] / (double) IOS).isCloseTo(2 / 11.0, within(0.01));
  }

  @Test
  void aKeyAndItsDataUnitNumbersBelongToAFileOrToAnExtent() {
    ExtentWorkload workload = new ExtentWorkload(3, 2, 1, 1);
    int block = 2 * 32 + 16 + 5; // file 2, its extent 1, block 5 there
    assertThat(KeyGranularity.PER_INODE.keyCount(workload)).isEqualTo(3);
    assertThat(KeyGranularity.PER_INODE.keyOf(workload, block)).isEqualTo(2);
    assertThat(KeyGranularity.PER_INODE.dunOf(workload, block)).isEqualTo(21);
    assertThat(KeyGranularity.PER_EXTENT.keyCount(workload)).isEqualTo(6);
    assertThat(KeyGranularity.PER_EXTENT.keyOf(workload, block)).isEqualTo(5);
    assertThat(KeyGranularity.PER_EXTENT.dunOf(workload, block)).isEqualTo(5);
  }

  @Test
  void sizesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new ExtentWorkload(0, 1, 1, 1))
        .hasMessage("files must be from 1 to 65536, is 0");
    assertThatThrownBy(() -> new ExtentWorkload(256, 257, 1, 1))
        .hasMessage("extentsPerFile must be from 1 to 256, is 257");
    assertThatThrownBy(() -> new ExtentWorkload(1, 1, -1, 1))
        .hasMessage("ioCount must be from 1 to 10000000, is -1");
  }

  private static int[] blocks(IoSequence ios) {
    return IntStream.range(0, ios.count()).map(ios::block).toArray();
  }

  private static long writes(IoSequence ios) {
    return IntStream.range(0, ios.count()).filter(ios::isWrite).count();
  }
}
