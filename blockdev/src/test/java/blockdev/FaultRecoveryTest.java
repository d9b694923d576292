package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.BioStatus;
import blockdev.fault.FaultKind;
import blockdev.nvme.LogPage;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A fault from its beginning to its end: what the host's driver does about it, what the bio says,
 * what the device's logs say, and what lies in the blocks, which have a key.
 */
@Timeout(20)
class FaultRecoveryTest {
  private static final long SECOND_NS = 1_000_000_000L;

  @Test
  void aCommandThatHangsIsAbortedAndItsDataArrive() {
    try (FaultyDevice device = encrypted("hang:lba=3,nth=2")) {
      assertThat(device.write(0, 8, 1)).isEqualTo(BioStatus.OK);
      assertThat(device.write(3, 1, 2)).isEqualTo(BioStatus.OK);
      assertThat(device.simulation.time().nowNs()).isBetween(30 * SECOND_NS, 32 * SECOND_NS);
      assertThat(device.contents(0, 8)).containsExactly(1, 1, 1, 2, 1, 1, 1, 1);
      assertThat(device.happened(FaultKind.HANG)).isEqualTo(1);
      assertThat(device.simulation.driver().aborts()).isEqualTo(1);
      assertThat(device.simulation.driver().resets()).isZero();
      assertThat(device.simulation.queue().keyslots().counters().programs()).isEqualTo(1);
      assertNoErrorIsLogged(device);
    }
  }

  @Test
  void oneThatHangsWheneverItIsIssuedEndsWithTimeoutAndHasDoneNothing() {
    try (FaultyDevice device = encrypted("hang:lba=3,nth=2,times=all")) {
      assertThat(device.write(0, 8, 1)).isEqualTo(BioStatus.OK);
      assertThat(device.write(3, 1, 2)).isEqualTo(BioStatus.TIMEOUT);
      assertThat(device.contents(0, 3)).containsOnly(1);
      assertThat(device.read(3, 1)).isEqualTo(BioStatus.TIMEOUT);
      assertThat(device.contents(4, 4)).containsOnly(1);
      assertThat(device.happened(FaultKind.HANG)).as("6 times each").isEqualTo(12);
      assertThat(device.simulation.driver().aborts()).isEqualTo(12);
      assertNoErrorIsLogged(device);
    }
  }

  @Test
  void aStuckQueueCostsAResetAfterWhichKeysAndRequestsAreBack() {
    try (FaultyDevice device = encrypted("stuck-queue:nth=3")) {
      assertThat(device.write(0, 16, 1)).isEqualTo(BioStatus.OK);
      assertThat(device.writeTogether(4, 12, 2)).hasSize(12).containsOnly(BioStatus.OK);
      assertThat(device.simulation.time().nowNs()).isBetween(60 * SECOND_NS, 64 * SECOND_NS);
      assertThat(device.contents(0, 4)).containsOnly(1);
      assertThat(device.contents(4, 12)).containsOnly(2);
      assertThat(device.happened(FaultKind.STUCK_QUEUE)).isEqualTo(1);
      assertThat(device.simulation.driver().aborts()).as("without an answer").isPositive();
      assertThat(device.simulation.driver().resets()).isEqualTo(1);
      assertThat(device.simulation.queue().keyslots().counters().reprograms()).isEqualTo(1);
      assertThat(device.simulation.queue().keyslots().counters().programs()).isEqualTo(2);
      assertNoErrorIsLogged(device);
    }
  }

  /** Commands that did not fail are not in the log, whatever became of them. */
  private static void assertNoErrorIsLogged(FaultyDevice device) {
    assertThat(device.newestError().getLong(LogPage.ERROR_COUNT)).isZero();
    assertThat(device.health().getLong(LogPage.HEALTH_MEDIA_ERRORS)).isZero();
    assertThat(device.health().getLong(LogPage.HEALTH_ERROR_ENTRIES)).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "read-error, lba=5, 281, 5",
    "write-error, lba=6, 280, 6",
    "flush-error, times=1, 280, 0"
  })
  void aCommandThatFailsIsInTheLogsWithItsBlock(
      String kind, String where, String status, long lba) {
    try (FaultyDevice device = encrypted(kind + ":" + where)) {
      BioStatus written = device.write(4, 4, 1);
      BioStatus flushed = device.flush();
      BioStatus read = device.read(4, 4);
      assertThat(read == BioStatus.MEDIUM).isEqualTo(kind.equals("read-error"));
      assertThat(written == BioStatus.MEDIUM).isEqualTo(kind.equals("write-error"));
      assertThat(flushed == BioStatus.MEDIUM).isEqualTo(kind.equals("flush-error"));
      ByteBuffer error = device.newestError();
      assertThat(error.getLong(LogPage.ERROR_COUNT)).isEqualTo(1);
      assertThat(error.getShort(LogPage.ERROR_QUEUE_ID)).isEqualTo((short) 1);
      assertThat(error.getShort(LogPage.ERROR_STATUS) >> 1 & 0x7FF)
          .isEqualTo(Integer.parseInt(status, 16));
      assertThat(error.getLong(LogPage.ERROR_LBA)).isEqualTo(lba);
      assertThat(error.getInt(LogPage.ERROR_NAMESPACE)).isEqualTo(1);
      assertThat(device.health().getLong(LogPage.HEALTH_MEDIA_ERRORS)).isEqualTo(1);
      assertThat(device.health().getLong(LogPage.HEALTH_ERROR_ENTRIES)).isEqualTo(1);
      assertThat(device.happened(FaultKind.named(kind))).isEqualTo(1);
      assertThat(device.simulation.driver().aborts()).isZero();
    }
  }

  /** Slots are registers, so no command fails. */
  @Test
  void aSlotThatIsNotProgrammedShowsInTheBioAndInTheHostsCounters() {
    try (FaultyDevice device = encrypted("program-error")) {
      assertThat(device.write(0, 1, 1)).isEqualTo(BioStatus.IOERR);
      assertThat(device.simulation.queue().keyslots().counters().failedPrograms()).isEqualTo(1);
      assertThat(device.health().getLong(LogPage.HEALTH_WRITE_COMMANDS)).isZero();
      assertNoErrorIsLogged(device);
      assertThat(device.write(0, 1, 1)).isEqualTo(BioStatus.OK);
      assertThat(device.contents(0, 1)).containsOnly(1);
    }
  }

  @Test
  void nobodyButWhoReadsBackWithTheRightKeyNoticesAWrongOne() {
    try (FaultyDevice device = encrypted("wrong-key")) {
      assertThat(device.write(0, 2, 1)).isEqualTo(BioStatus.OK);
      assertNoErrorIsLogged(device);
      assertThat(device.happened(FaultKind.WRONG_KEY)).isEqualTo(1);
      device.evictKey();
      assertThat(device.contents(0, 2)).containsOnly(FaultyDevice.GARBAGE);
      assertNoErrorIsLogged(device);
    }
  }

  @Test
  void silentFaultsLeaveNoTraceInTheLogs() {
    try (FaultyDevice device = encrypted("lost-write:lba=2,nth=2", "bit-rot:lba=3")) {
      device.write(0, 4, 1);
      device.write(0, 4, 2);
      assertThat(device.contents(0, 4)).containsExactly(1, 1, 1, FaultyDevice.GARBAGE);
      assertNoErrorIsLogged(device);
    }
  }

  private static FaultyDevice encrypted(String... faults) {
    FaultyDevice device = new FaultyDevice(faults);
    device.useKey();
    return device;
  }
}
