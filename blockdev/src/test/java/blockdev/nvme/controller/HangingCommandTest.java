package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.fault.Fault;
import blockdev.fault.FaultPlan;
import blockdev.nvme.NvmeStatus;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands that do not complete, as a host sees it that does nothing about them. */
@Timeout(20)
class HangingCommandTest {
  @Test
  void aCommandThatHangsHasNoEffectAndTheOthersGoOn() {
    try (HandHost host = HandHost.ready(512, 8)) {
      inject(host, "hang:lba=0");
      host.fill(0, 1024, 7);
      submit(host, 3);
      assertThat(completions(host)).isEqualTo(2);
      assertThat(host.mediumAt(0, 512)).containsOnly(0);
      assertThat(host.mediumAt(512, 1024)).containsOnly(7);
    }
  }

  @Test
  void aQueueThatSticksExecutesAndSaysNothingAnyMore() {
    try (HandHost host = HandHost.ready(512, 8)) {
      inject(host, "stuck-queue:lba=1");
      host.fill(0, 1024, 7);
      submit(host, 3);
      assertThat(completions(host)).as("none, for all were fetched before").isZero();
      assertThat(host.mediumAt(0, 1536)).containsOnly(7);
      assertThat(host.admin(Command.of(0x06, 1).prp(0, 0))).isEqualTo(NvmeStatus.SUCCESS);
    }
  }

  @Test
  void aPairWhoseSecondHangsLeavesTheDeviceWhenBothAreAborted() {
    try (HandHost host = HandHost.withOneCommandAtATime()) {
      inject(host, "hang:nth=2");
      host.submitIo(Command.compare(0, 1, 0, 0).fused(1).id(5));
      host.submitIo(Command.write(0, 1, 0, 0).fused(2).id(6));
      host.settle();
      assertThat(host.takeIo()).isEqualTo(-1);
      assertThat(abort(host, 6)).isEqualTo(NvmeStatus.SUCCESS);
      assertThat(abort(host, 5)).isEqualTo(NvmeStatus.SUCCESS);
      assertThat(new int[] {host.takeIo(), host.takeIo()}).containsExactly(6, 5);
      host.submitIo(Command.read(0, 1, 0, 0).id(7));
      host.settle();
      assertThat(host.takeIo()).as("the next has its place").isEqualTo(7);
    }
  }

  private static int abort(HandHost host, int commandId) {
    int status = host.admin(Command.of(0x08, 0).cdw(10, commandId << 16 | 1));
    assertThat(host.result()).as("aborted").isZero();
    return status;
  }

  private static void inject(HandHost host, String fault) {
    host.controller.inject(new FaultPlan(1, Fault.parse(fault)).arm());
  }

  /** Writes to blocks 0 and on, one each. */
  private static void submit(HandHost host, int commands) {
    for (int i = 0; i < commands; i++) {
      host.put(HandHost.SQ + 64L * i, Command.write(i, 1, 0, 0).put(2, i));
    }
    host.controller.queues().ringSubmissionDoorbell(1, commands);
    host.settle();
  }

  /** Entries whose phase tag says that they were posted. */
  private static int completions(HandHost host) {
    int posted = 0;
    while ((host.memory.get(ValueLayout.JAVA_SHORT, HandHost.CQ + 16L * posted + 14) & 1) != 0) {
      posted++;
    }
    return posted;
  }
}
