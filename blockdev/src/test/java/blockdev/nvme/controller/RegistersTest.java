package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoKey;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Registers at their offsets, and what enabling, resetting and shutting down do. */
class RegistersTest {
  private static final int CC = 0x14;
  private static final int CSTS = 0x1C;
  private static final int NSSR = 0x20;
  private static final int AQA = 0x24;
  private static final int ASQ = 0x28;
  private static final int ENABLED = 4 << 20 | 6 << 16 | 1;

  private final HandHost host = HandHost.ready(512, 8);

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void theCapabilitiesSayWhatTheQueuesCanBe() {
    assertThat(read(0x00) & 0xFFFF).as("MQES").isEqualTo(1023);
    assertThat(read(0x00) >>> 16 & 7).as("CQR, weighted round robin").isEqualTo(3);
    assertThat(read(0x04) & 0xF).as("DSTRD").isZero();
    assertThat(read(0x04) >>> 5 & 1).as("NVM command set").isEqualTo(1);
    assertThat(read(0x04) >>> 16).as("pages of 4096 bytes").isZero();
    assertThat(read(0x08)).as("version 2.1").isEqualTo(0x00020100);
    assertThat(read(CSTS)).as("ready").isEqualTo(1);
    assertThat(read(0x0C)).as("no register").isZero();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "pages of 8192 bytes, 20, 4587649",
    "command set 6,       20, 4587617",
    "arbitration 2,       20, 4595713",
    "SQ entries of 2^7,   20, 4653057",
    "CQ entries of 2^5,   20, 5636097",
    "ASQ inside a page,   40, 512",
    "ASQ outside,         40, 1073741824",
    "an admin queue of 1, 36, 458752",
  })
  void aConfigurationThatCannotBeIsFatalUntilTheNextReset(String what, int offset, int value) {
    write(CC, 0);
    assertThat(read(CSTS)).isZero();
    if (offset != CC) {
      write(offset, value);
    }
    write(CC, offset == CC ? value : ENABLED);
    assertThat(read(CSTS)).as("CFS, not RDY").isEqualTo(2);
    write(CC, 0);
    assertThat(read(CSTS)).isZero();
    host.enable();
    assertThat(read(CSTS)).isEqualTo(1);
  }

  @Test
  void aResetLosesQueuesAndKeysButNoData() {
    try (CryptoKey key = HandHost.key(512)) {
      host.controller.crypto.program(0, key);
      host.fill(0, 512, 0x55);
      assertThat(host.io(Command.write(3, 1, 0, 0))).isEqualTo(NvmeStatus.SUCCESS);
      reset();
      assertThat(host.controller.queues().submission(1)).isNull();
      assertThat(host.controller.queues().completion(1)).isNull();
      assertThat(host.controller.crypto.isProgrammed(0)).isFalse();
      host.makeIoQueues();
      assertThat(host.io(Command.read(3, 1, 4096, 0))).isEqualTo(NvmeStatus.SUCCESS);
      assertThat(host.memoryAt(4096, 512)).containsOnly(0x55);
      assertThat(host.io(Command.read(3, 1, 4096, 0).crypto(15, 0, 0, 0)))
          .isEqualTo(NvmeStatus.INVALID_KEY_TAG);
    }
  }

  @Test
  void aCommandUnderWayInAResetNeitherTakesEffectNorCompletesInTheNewQueue() {
    host.fill(0, 512, 0x55);
    host.submitIo(Command.write(0, 1, 0, 0).id(9));
    host.settle(500); // it takes 1 µs
    reset();
    host.makeIoQueues();
    host.settle();
    assertThat(host.takeIo()).as("completion").isEqualTo(-1);
    assertThat(host.mediumAt(0, 512)).containsOnly(0);
    for (int i = 0; i < 20; i++) { // each of the queue's commands can still be used
      assertThat(host.io(Command.write(i, 1, 0, 0))).isEqualTo(NvmeStatus.SUCCESS);
    }
  }

  @Test
  void aResetKeepsTheAdminQueueRegistersAndASubsystemResetDoesNot() {
    write(CC, 0);
    assertThat(read(AQA)).isEqualTo(7 << 16 | 7);
    assertThat(read(ASQ)).isEqualTo(HandHost.ADMIN_SQ);
    host.enable();
    write(NSSR, 1);
    assertThat(read(CSTS)).as("nothing happens").isEqualTo(1);
    write(NSSR, 0x4E564D65);
    assertThat(read(CSTS)).as("NSSRO").isEqualTo(1 << 4);
    assertThat(read(AQA) | read(ASQ) | read(CC)).isZero();
    write(CSTS, 1 << 4);
    assertThat(read(CSTS)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void aShutdownCompletesAndCommandsAreProcessedNoMore(int how) {
    write(CC, ENABLED | how << 14);
    assertThat(read(CSTS) >>> 2 & 3).as("SHST").isEqualTo(2);
    host.submitAdmin(Command.of(0x06, 1).prp(4096, 0));
    host.settle();
    assertThat(host.takeAdmin()).isEqualTo(-1);
    reset();
    assertThat(read(CSTS)).isEqualTo(1);
    assertThat(host.admin(Command.of(0x06, 1).prp(4096, 0))).isEqualTo(NvmeStatus.SUCCESS);
  }

  @Test
  @Timeout(60)
  void noWriteToAnyRegisterThrowsAndTheControllerComesBack() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      int offset = random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(40) * 4;
      if (random.nextInt(3) == 0) {
        offset = 0x1000 + random.nextInt(64);
      }
      int value = random.nextInt(4) > 0 ? random.nextInt(16) : random.nextInt();
      if (offset == CC && random.nextBoolean()) {
        value = ENABLED & -random.nextInt(2) | random.nextInt(4) / 3 << 14;
      }
      host.controller.writeRegister(offset, value);
      host.controller.readRegister(offset);
      if (random.nextInt(50) == 0) {
        host.settle();
      }
    }
    write(CC, 0);
    host.enable();
    host.makeIoQueues();
    assertThat(host.io(Command.write(0, 1, 0, 0))).isEqualTo(NvmeStatus.SUCCESS);
  }

  private void reset() {
    write(CC, 0);
    assertThat(read(CSTS)).isZero();
    host.enable();
    assertThat(read(CSTS)).isEqualTo(1);
  }

  private int read(int offset) {
    return host.controller.readRegister(offset);
  }

  private void write(int offset, int value) {
    host.controller.writeRegister(offset, value);
  }
}
