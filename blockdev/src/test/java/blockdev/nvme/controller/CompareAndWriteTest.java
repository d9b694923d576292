package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoKey;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compare, alone and fused with a write. Pages 1 and 2 of host memory hold 0x11 and 0x22. */
class CompareAndWriteTest {
  private static final int OLD = 4096;
  private static final int NEW = 8192;

  private final HandHost host = HandHost.ready(512, 8);
  private final CryptoKey key = HandHost.key(512);

  @BeforeEach
  void fill() {
    host.fill(OLD, 4096, 0x11);
    host.fill(NEW, 4096, 0x22);
    host.controller.crypto.program(0, key);
    assertThat(host.io(Command.write(0, 8, OLD, 0))).isZero();
  }

  @AfterEach
  void close() {
    host.close();
    key.close();
  }

  @Test
  void whatIsEqualIsASuccessAndOneByteLessIsNot() {
    assertThat(host.io(Command.compare(0, 8, OLD, 0))).isZero();
    assertThat(host.io(Command.compare(0, 7, OLD + 512, 0))).isZero();
    host.fill(OLD + 4095, 1, 0x10);
    assertThat(host.io(Command.compare(0, 8, OLD, 0))).isEqualTo(NvmeStatus.COMPARE_FAILURE);
    assertThat(host.io(Command.compare(0, 7, OLD, 0))).isZero();
  }

  @Test
  void encryptedBlocksAreComparedInPlaintextUnderTheCommandsKey() {
    assertThat(host.io(Command.write(0, 8, OLD, 0).crypto(15, 0, 5, 0))).isZero();
    assertThat(host.io(Command.compare(0, 8, OLD, 0).crypto(15, 0, 5, 0))).isZero();
    assertThat(host.io(Command.compare(2, 6, OLD, 0).crypto(15, 0, 7, 0))).isZero();
    assertThat(host.io(Command.compare(0, 8, OLD, 0).crypto(15, 0, 6, 0)))
        .isEqualTo(NvmeStatus.COMPARE_FAILURE);
    assertThat(host.io(Command.compare(0, 8, OLD, 0))).isEqualTo(NvmeStatus.COMPARE_FAILURE);
  }

  @Test
  void aPairWritesIfTheComparisonHolds() {
    assertThat(pair(compare(), write())).containsExactly(0, 0);
    assertThat(host.mediumAt(0, 4096)).containsOnly(0x22);
    assertThat(pair(compare(), write()))
        .containsExactly(NvmeStatus.COMPARE_FAILURE, NvmeStatus.ABORTED_FAILED_FUSED);
    assertThat(host.mediumAt(0, 4096)).containsOnly(0x22);
  }

  @Test
  void eachOfAPairHasItsOwnKey() {
    int[] statuses = pair(compare(), write().crypto(15, 0, 9, 0));
    assertThat(statuses).containsExactly(0, 0);
    assertThat(pair(compare().prp(NEW, 0).crypto(15, 0, 9, 0), write().prp(OLD, 0)))
        .containsExactly(0, 0);
    assertThat(host.mediumAt(0, 4096)).containsOnly(0x11);
  }

  @Test
  void ofTwoPairsThatCompareTheSameOnlyTheFirstWrites() {
    assertThat(host.ioTogether(compare(), write(), compare(), write()))
        .containsExactly(0, 0, NvmeStatus.COMPARE_FAILURE, NvmeStatus.ABORTED_FAILED_FUSED);
  }

  @Test
  void theHalvesOfAPairStandSideBySide() {
    assertThat(host.ioTogether(compare(), Command.of(0, 1), write()))
        .containsExactlyInAnyOrder(
            NvmeStatus.ABORTED_MISSING_FUSED, 0, NvmeStatus.ABORTED_MISSING_FUSED);
    assertThat(host.ioTogether(compare(), compare(), write()))
        .containsExactly(NvmeStatus.ABORTED_MISSING_FUSED, 0, 0);
  }

  @Test
  void whatIsNotRungTogetherIsNoPair() {
    assertThat(host.io(compare())).isEqualTo(NvmeStatus.ABORTED_MISSING_FUSED);
    assertThat(host.io(write())).isEqualTo(NvmeStatus.ABORTED_MISSING_FUSED);
    assertThat(host.mediumAt(0, 4096)).containsOnly(0x11);
  }

  @Test
  void otherPairsAndPairsOfDifferentRangesAreInvalid() {
    int invalid = NvmeStatus.INVALID_FIELD;
    assertThat(pair(compare().range(1, 7), write())).containsExactly(invalid, invalid);
    assertThat(pair(compare(), write().range(0, 7))).containsExactly(invalid, invalid);
    assertThat(pair(write(), write())).containsExactly(invalid, invalid);
    assertThat(pair(write(), compare())).containsExactly(invalid, invalid);
    assertThat(pair(Command.read(0, 8, OLD, 0), write())).containsExactly(invalid, invalid);
    assertThat(host.mediumAt(0, 4096)).containsOnly(0x11);
  }

  @Test
  void aPairLargerThanTheAtomicUnitIsRefused() {
    Command compare = compare().range(0, 129).prp(0, 1 << 20);
    Command write = write().range(0, 129).prp(0, 1 << 20);
    for (int i = 0; i < 16; i++) {
      host.memory.set(java.lang.foreign.ValueLayout.JAVA_LONG, (1 << 20) + 8L * i, 4096L * i);
    }
    int exceeded = NvmeStatus.ATOMIC_WRITE_UNIT_EXCEEDED;
    assertThat(pair(compare, write)).containsExactly(exceeded, exceeded);
    assertThat(pair(compare.range(8, 128), write.range(8, 128)))
        .containsExactly(NvmeStatus.COMPARE_FAILURE, NvmeStatus.ABORTED_FAILED_FUSED);
  }

  @Test
  void aFirstThatIsRefusedTakesTheSecondWithItAndASecondThatIsDoesNot() {
    assertThat(pair(compare().prp(2, 0), write()))
        .containsExactly(NvmeStatus.PRP_OFFSET_INVALID, NvmeStatus.ABORTED_FAILED_FUSED);
    assertThat(pair(compare(), write().prp(2, 0)))
        .containsExactly(0, NvmeStatus.PRP_OFFSET_INVALID);
    assertThat(pair(compare().put(0, 0x7F), write()))
        .containsExactly(NvmeStatus.INVALID_OPCODE, NvmeStatus.ABORTED_FAILED_FUSED);
    assertThat(host.mediumAt(0, 4096)).containsOnly(0x11);
  }

  @Test
  void aFirstThatIsNoCompareHasNoEffectWhateverTheSecondIs() {
    assertThat(pair(write(), Command.of(0x7F, 1)))
        .containsExactly(NvmeStatus.INVALID_FIELD, NvmeStatus.INVALID_OPCODE);
    assertThat(pair(write(), write().prp(2, 0)))
        .containsExactly(NvmeStatus.INVALID_FIELD, NvmeStatus.PRP_OFFSET_INVALID);
    assertThat(host.mediumAt(0, 4096)).containsOnly(0x11);
  }

  @Test
  void aPairGoesRoundTheEndOfTheRing() {
    for (int i = 0; i < 20; i++) {
      int[] statuses = pair(compare(), write().prp(OLD, 0));
      assertThat(statuses).as("round %d", i).containsExactly(0, 0);
      if (i % 3 == 0) {
        assertThat(host.io(Command.of(0, 1))).isZero();
      }
    }
  }

  @Test
  void aPairWaitsUntilThereIsRoomForBothCompletions() {
    Command[] flushes = new Command[6];
    Arrays.setAll(flushes, i -> Command.of(0, 1));
    for (int i = 0; i < flushes.length; i++) {
      flushes[i].bytes.putShort(2, (short) i);
      host.put(HandHost.SQ + 64L * (1 + i), flushes[i]);
    }
    host.controller.queues().ringSubmissionDoorbell(1, 7);
    host.settle(); // 6 of 7 places are taken, after the one of fill()
    Command second = write();
    second.bytes.putShort(2, (short) 1);
    host.put(HandHost.SQ + 64L * 7, compare());
    host.put(HandHost.SQ, second);
    host.controller.queues().ringSubmissionDoorbell(1, 1);
    host.settle();
    assertThat(host.mediumAt(0, 4096)).as("no room yet").containsOnly(0x11);
    host.controller.queues().ringCompletionDoorbell(1, 7);
    host.settle();
    assertThat(host.mediumAt(0, 4096)).containsOnly(0x22);
  }

  @Test
  void whereTwoCompletionsNeverHaveRoomThereAreNoPairs() {
    try (HandHost tiny = HandHost.ready(512, 2)) {
      assertThat(tiny.io(compare())).isEqualTo(NvmeStatus.ABORTED_MISSING_FUSED);
      assertThat(tiny.io(write())).isEqualTo(NvmeStatus.ABORTED_MISSING_FUSED);
    }
  }

  private int[] pair(Command first, Command second) {
    return host.ioTogether(first.fused(1), second.fused(2));
  }

  private static Command compare() {
    return Command.compare(0, 8, OLD, 0).fused(1);
  }

  private static Command write() {
    return Command.write(0, 8, NEW, 0).fused(2);
  }
}
