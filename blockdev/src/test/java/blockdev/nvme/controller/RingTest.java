package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rings, doorbells and the phase tag, with a queue pair of 4 entries each. */
class RingTest {
  private static final int ENTRIES = 4;

  private final HandHost host = HandHost.ready(4096, ENTRIES);

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void completionsGoRoundTheRingAndThePhaseTagTurnsWithEachPass() {
    for (int i = 0; i < 3 * ENTRIES; i++) {
      Command flush = Command.of(0x00, 1);
      flush.bytes.putShort(2, (short) (100 + i));
      assertThat(host.io(flush)).isEqualTo(NvmeStatus.SUCCESS);
      long at = HandHost.CQ + 16L * (i % ENTRIES);
      assertThat(u16(at + 14) & 1).as("phase of completion %d", i).isEqualTo(1 - i / ENTRIES % 2);
      assertThat(u16(at + 12)).as("command id").isEqualTo(100 + i);
      assertThat(u16(at + 10)).as("queue id").isEqualTo(1);
      assertThat(u16(at + 8)).as("submission head").isEqualTo((i + 1) % ENTRIES);
    }
  }

  @Test
  void aFullCompletionQueueHoldsCompletionsBack() {
    submit(0, 1, 2);
    host.controller.queues().ringSubmissionDoorbell(1, 3);
    host.settle();
    assertThat(commandIds()).containsExactly(0, 1, 2, 0);
    submit(3, 4, 5);
    host.controller.queues().ringSubmissionDoorbell(1, 2);
    host.settle();
    assertThat(commandIds()).as("nothing was taken").containsExactly(0, 1, 2, 0);
    host.controller.queues().ringCompletionDoorbell(1, 1);
    host.settle();
    assertThat(commandIds()).as("one was taken").containsExactly(0, 1, 2, 3);
    host.controller.queues().ringCompletionDoorbell(1, 3);
    host.settle();
    assertThat(commandIds()).as("three were taken").containsExactly(4, 5, 2, 3);
  }

  @ParameterizedTest
  @CsvSource({"1, 4", "1, -1", "1, 65535", "2, 1", "-1, 1", "2147483647, 1"})
  void aDoorbellOfNonsenseIsIgnored(int queue, int value) {
    host.controller.queues().ringSubmissionDoorbell(queue, value);
    host.controller.queues().ringCompletionDoorbell(queue, value);
    host.settle();
    assertThat(commandIds()).containsExactly(0, 0, 0, 0);
    assertThat(host.io(Command.of(0x00, 1))).isEqualTo(NvmeStatus.SUCCESS);
  }

  @Test
  void aHeadBeyondWhatWasPostedIsIgnored() {
    host.controller.queues().ringCompletionDoorbell(1, 2);
    submit(0, 1, 2);
    host.controller.queues().ringSubmissionDoorbell(1, 3);
    host.settle();
    assertThat(commandIds()).containsExactly(0, 1, 2, 0);
    submit(3);
    host.controller.queues().ringSubmissionDoorbell(1, 0);
    host.settle();
    assertThat(u16(HandHost.CQ + 3 * 16 + 14)).as("still full").isZero();
  }

  @Test
  void anIdThatIsUnderWayIsAConflictForTheNextCommandAndFreeAgainAfterThat() {
    putFlush(0, 7);
    putFlush(1, 7);
    host.controller.queues().ringSubmissionDoorbell(1, 2);
    host.settle();
    assertThat(commandIds()).containsExactly(7, 7, 0, 0);
    assertThat(statusOf(0)).isNotEqualTo(statusOf(1));
    assertThat(List.of(statusOf(0), statusOf(1)))
        .containsExactlyInAnyOrder(NvmeStatus.SUCCESS, NvmeStatus.COMMAND_ID_CONFLICT);
    host.controller.queues().ringCompletionDoorbell(1, 2);
    putFlush(2, 7);
    host.controller.queues().ringSubmissionDoorbell(1, 3);
    host.settle();
    assertThat(statusOf(2)).as("the id is free").isEqualTo(NvmeStatus.SUCCESS);
  }

  private int statusOf(int index) {
    return host.statusAt(HandHost.CQ, index) & 0x7FF;
  }

  @ParameterizedTest(name = "{0}: {5}")
  @CsvSource({
    "queue 0,              5, 0, 3, 1, 101",
    "no such queue,        5, 2, 3, 1, 101",
    "in use,               5, 1, 3, 1, 101",
    "SQ queue 0,           1, 0, 3, 0, 101",
    "SQ there already,     1, 1, 3, 1, 101",
    "unknown opcode,       127, 1, 3, 1, 001",
  })
  void aQueueThatCannotBeMadeIsRefused(
      String what, int opcode, int id, int size, int cdw11High, String status) {
    Command create =
        Command.of(opcode, 0).prp(HandHost.CQ, 0).cdw10And11(id | size << 16, cdw11High << 16 | 1);
    assertThat(host.admin(create)).as(what).isEqualTo(Integer.parseInt(status, 16));
  }

  @ParameterizedTest(name = "{0}: {5}")
  @CsvSource({
    "one entry,            5, 0, 1, 7405568, 102",
    "too many entries,     5, 1024, 1, 7405568, 102",
    "no such vector,       5, 3, 2, 7405568, 108",
    "inside a page,        5, 3, 1, 7405572, 013",
    "outside the memory,   5, 3, 1, 8388608, 004",
    "below the memory,     5, 3, 1, -4096, 004",
    "SQ before its CQ,     1, 3, 1, 7405568, 100",
    "SQ on the admin CQ,   1, 3, 0, 7405568, 100",
  })
  void aRingThatCannotBeIsRefused(
      String what, int opcode, int size, int cdw11High, long offset, String status) {
    try (HandHost bare = new HandHost(4096, ENTRIES)) {
      Command create =
          Command.of(opcode, 0).prp(offset, 0).cdw10And11(1 | size << 16, cdw11High << 16 | 1);
      assertThat(bare.admin(create)).as(what).isEqualTo(Integer.parseInt(status, 16));
    }
  }

  private void submit(int... commandIds) {
    for (int id : commandIds) {
      putFlush(id % ENTRIES, id);
    }
  }

  private void putFlush(int index, int commandId) {
    Command flush = Command.of(0x00, 1);
    flush.bytes.putShort(2, (short) commandId);
    host.put(HandHost.SQ + 64L * index, flush);
  }

  private int[] commandIds() {
    int[] ids = new int[ENTRIES];
    for (int i = 0; i < ENTRIES; i++) {
      ids[i] = u16(HandHost.CQ + 16L * i + 12);
    }
    return ids;
  }

  private int u16(long at) {
    return host.memory.get(ValueLayout.JAVA_SHORT, at) & 0xFFFF;
  }
}
