package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Interrupts of an I/O queue whose commands, flushes, take no time. Times in µs. */
class CoalescingTest {
  private final List<Long> interruptsUs = new ArrayList<>();
  private final HandHost host = new HandHost(4096, 64);
  private int tail;

  CoalescingTest() {
    host.controller.connectVector(1, host.events, () -> interruptsUs.add(host.time.nowNs() / 1000));
    int idAndSize = 1 | 63 << 16;
    host.admin(Command.of(0x05, 0).prp(HandHost.CQ, 0).cdw10And11(idAndSize, 1 << 16 | 3));
    host.admin(Command.of(0x01, 0).prp(HandHost.SQ, 0).cdw10And11(idAndSize, 1 << 16 | 1));
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void withoutItWhatEndsAtOneInstantIsOneInterrupt() {
    long startUs = submit(4);
    assertThat(interruptsUs).containsExactly(startUs);
  }

  @Test
  void enoughCompletionsRaiseItAtOnce() {
    coalesce(4, 3);
    long startUs = submit(4);
    assertThat(interruptsUs).containsExactly(startUs);
  }

  @Test
  void fewerWaitForTheTime() {
    coalesce(4, 3);
    long startUs = submit(3);
    assertThat(interruptsUs).containsExactly(startUs + 300);
  }

  @Test
  void theTimeCountsFromTheFirstThatWaits() {
    coalesce(4, 10);
    long startUs = host.time.nowNs() / 1000;
    host.events.schedule(() -> ring(4), 0); // raises it, and leaves a timer of its first behind
    host.events.schedule(() -> ring(1), 400_000);
    host.events.schedule(() -> ring(1), 900_000);
    host.settle();
    assertThat(interruptsUs).containsExactly(startUs, startUs + 1400);
  }

  @Test
  void manyCompletionsAreFewInterrupts() {
    coalesce(8, 10);
    for (int i = 0; i < 40; i++) {
      host.events.schedule(() -> ring(1), 10_000L * i);
    }
    host.settle();
    assertThat(interruptsUs).hasSize(5);
  }

  @Test
  void aTimeOfZeroIsNoCoalescing() {
    coalesce(4, 0);
    long startUs = submit(1);
    assertThat(interruptsUs).containsExactly(startUs);
  }

  @Test
  void aVectorCanBeLeftOut() {
    coalesce(4, 3);
    assertThat(setFeature(9, 1 | 1 << 16)).isEqualTo(NvmeStatus.SUCCESS);
    long startUs = submit(1);
    assertThat(interruptsUs).containsExactly(startUs);
    assertThat(host.admin(Command.of(0x0A, 0).cdw10And11(9, 1))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.result()).isEqualTo(1 | 1 << 16);
    assertThat(setFeature(9, 1)).isEqualTo(NvmeStatus.SUCCESS);
    long laterUs = submit(1);
    assertThat(interruptsUs).containsExactly(startUs, laterUs + 300);
    assertThat(setFeature(9, 7)).as("no such vector").isEqualTo(NvmeStatus.INVALID_FIELD);
  }

  /** As the features have it: the threshold is 0's based, the time in units of 100 µs. */
  private void coalesce(int threshold, int timeUnits) {
    assertThat(setFeature(8, threshold - 1 | timeUnits << 8)).isEqualTo(NvmeStatus.SUCCESS);
  }

  private int setFeature(int feature, int value) {
    return host.admin(Command.of(0x09, 0).cdw10And11(feature, value));
  }

  private long submit(int count) {
    long startUs = host.time.nowNs() / 1000;
    ring(count);
    host.settle();
    return startUs;
  }

  private void ring(int count) {
    for (int i = 0; i < count; i++) {
      host.put(HandHost.SQ + 64L * tail, Command.of(0x00, 1));
      tail = (tail + 1) % host.entries;
    }
    host.controller.queues().ringSubmissionDoorbell(1, tail);
  }
}
