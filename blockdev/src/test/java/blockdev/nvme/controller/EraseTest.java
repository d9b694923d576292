package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Format NVM and Sanitize, of two namespaces that hold data. */
class EraseTest {
  private static final long LONG_ENOUGH_NS = 1_000_000_000;
  private static final int SANITIZE_LOG = 0x81;

  private final HandHost host = HandHost.withTwoNamespaces();

  @BeforeEach
  void write() {
    host.fill(0, 4096, 0x55);
    assertThat(host.io(Command.write(8, 8, 0, 0))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.io(Command.write(1, 1, 0, 0).put(4, 2))).isEqualTo(NvmeStatus.SUCCESS);
  }

  @AfterEach
  void close() {
    host.close();
  }

  @ParameterizedTest(name = "SES {0}")
  @CsvSource({"0", "1", "2"})
  void aFormatLeavesNothingOfItsNamespaceAndAllOfTheOther(int erase) {
    host.submitAdmin(Command.of(0x80, 1).cdw(10, erase << 9 | 1).id(1)); // blocks of 4096 bytes
    host.settle(1000);
    assertThat(host.takeAdmin()).as("not done yet").isEqualTo(-1);
    assertThat(host.io(Command.read(8, 8, 4096, 0))).isEqualTo(NvmeStatus.FORMAT_IN_PROGRESS);
    assertThat(host.io(Command.of(0, 1))).as("Flush").isEqualTo(NvmeStatus.FORMAT_IN_PROGRESS);
    assertThat(host.io(Command.read(1 << 20, 8, 4096, 0)))
        .as("what is wrong in any state comes first")
        .isEqualTo(NvmeStatus.LBA_OUT_OF_RANGE);
    assertThat(host.io(Command.read(1, 1, 4096, 0).put(4, 2))).isEqualTo(NvmeStatus.SUCCESS);
    host.settle(LONG_ENOUGH_NS);
    assertThat(host.takeAdmin()).isEqualTo(1);
    assertThat(host.status()).isEqualTo(NvmeStatus.SUCCESS);
    assertMediumHolds(0, 0, 2 << 20);
    assertMediumHolds(0x55, (2 << 20) + 4096, 4096);
    assertThat(host.io(Command.read(511, 1, 4096, 0))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.io(Command.read(512, 1, 4096, 0))).isEqualTo(NvmeStatus.LBA_OUT_OF_RANGE);
    assertThat(host.admin(Command.of(6, 1).prp(4096, 0))).isEqualTo(NvmeStatus.SUCCESS);
    ByteBuffer identity = data();
    assertThat(identity.getLong(0)).as("NSZE").isEqualTo(512);
    assertThat(identity.get(26)).as("FLBAS").isEqualTo((byte) 1);
  }

  @Test
  void allNamespacesCanBeFormattedAtOnceAndOneTwiceNot() {
    host.submitAdmin(Command.of(0x80, -1).id(1));
    host.settle(1000);
    assertThat(host.admin(Command.of(0x80, 2))).isEqualTo(NvmeStatus.FORMAT_IN_PROGRESS);
    assertThat(host.admin(Command.of(0x84, 0).cdw(10, 4)))
        .as("Sanitize")
        .isEqualTo(NvmeStatus.FORMAT_IN_PROGRESS);
    host.settle(LONG_ENOUGH_NS);
    assertThat(host.takeAdmin()).isEqualTo(1);
    assertMediumHolds(0, 0, HandHost.MEDIUM_BYTES);
  }

  @Test
  void aCommandUnderWayWhenAFormatBeginsHasNoEffect() {
    host.submitIo(Command.write(0, 8, 0, 0).id(7));
    host.settle(500);
    host.submitAdmin(Command.of(0x80, 1).id(1));
    host.settle(LONG_ENOUGH_NS);
    assertThat(host.takeIo()).isEqualTo(7);
    assertThat(host.status()).isEqualTo(NvmeStatus.FORMAT_IN_PROGRESS);
    assertMediumHolds(0, 0, 2 << 20);
  }

  @Test
  void aFormatGoesOnOverAResetWithoutACompletion() {
    host.submitAdmin(Command.of(0x80, 1).id(1));
    host.settle(1000);
    reset();
    host.settle(LONG_ENOUGH_NS);
    assertThat(host.takeAdmin()).isEqualTo(-1);
    assertMediumHolds(0, 0, 2 << 20);
  }

  @ParameterizedTest(name = "SANACT {0}")
  @CsvSource({"2", "3", "4"})
  void aSanitizeLeavesNothingAnywhereAndForbidsAllElseMeanwhile(int action) {
    host.submitAdmin(Command.of(0x0C, 0).id(9));
    host.submitAdmin(Command.of(0x84, 0).cdw10And11(1 << 4 | action, 0x12345678).id(1));
    host.settle(1000);
    assertThat(host.takeAdmin()).as("complete when it has started").isEqualTo(1);
    assertThat(host.io(Command.read(8, 8, 4096, 0))).isEqualTo(NvmeStatus.SANITIZE_IN_PROGRESS);
    assertThat(host.admin(Command.of(0x80, 1))).isEqualTo(NvmeStatus.SANITIZE_IN_PROGRESS);
    assertThat(host.admin(Command.of(0x84, 0).cdw(10, action)))
        .isEqualTo(NvmeStatus.SANITIZE_IN_PROGRESS);
    assertThat(host.admin(Command.of(0x0D, 0))).isEqualTo(NvmeStatus.INVALID_OPCODE);
    assertThat(host.admin(Command.of(6, 1).prp(4096, 0))).isEqualTo(NvmeStatus.SUCCESS);
    ByteBuffer log = sanitizeLog();
    assertThat(log.getShort(2) & 7).as("in progress").isEqualTo(2);
    assertThat(log.getShort(0) & 0xFFFF).isBetween(1, 65534);
    reset();
    host.makeIoQueues();
    assertThat(host.io(Command.read(8, 8, 4096, 0)))
        .as("a reset does not stop it")
        .isEqualTo(NvmeStatus.SANITIZE_IN_PROGRESS);
    host.submitAdmin(Command.of(0x0C, 0).id(2));
    host.settle(LONG_ENOUGH_NS);
    assertThat(host.takeAdmin()).isEqualTo(2);
    assertThat(host.result()).as("sanitize completed").isEqualTo(0x81 << 16 | 1 << 8 | 6);
    assertMediumHolds(0, 0, HandHost.MEDIUM_BYTES);
    log = sanitizeLog();
    assertThat(log.getShort(0) & 0xFFFF).isEqualTo(0xFFFF);
    assertThat(log.getShort(2) & 7).as("done").isEqualTo(1);
    assertThat(log.getShort(2) >>> 8 & 1).as("nothing written since").isEqualTo(1);
    assertThat(host.io(Command.write(0, 1, 0, 0))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(sanitizeLog().getShort(2) >>> 8 & 1).as("written since").isZero();
  }

  @Test
  void anOverwriteThatDoesNotDeallocateLeavesItsPattern() {
    Command overwrite = Command.of(0x84, 0).cdw10And11(1 << 9 | 2 << 4 | 1 << 8 | 3, 0x0F0F0F0F);
    assertThat(host.admin(overwrite)).isEqualTo(NvmeStatus.SUCCESS);
    host.settle(LONG_ENOUGH_NS);
    assertMediumHolds(0xF0, 0, HandHost.MEDIUM_BYTES); // inverted once
    assertThat(sanitizeLog().getShort(2) & 0xFF).as("2 passes").isEqualTo(2 << 3 | 4);
  }

  @Test
  void aSanitizeGoesOnOverAPowerCycle() {
    assertThat(host.admin(Command.of(0x84, 0).cdw(10, 2))).isEqualTo(NvmeStatus.SUCCESS);
    host.controller.powerCycle();
    host.enable();
    host.settle(LONG_ENOUGH_NS);
    assertMediumHolds(0, 0, HandHost.MEDIUM_BYTES);
  }

  /** AssertJ's own look at each byte of MiBs takes seconds. */
  private void assertMediumHolds(int value, int at, int bytes) {
    byte[] expected = new byte[bytes];
    Arrays.fill(expected, (byte) value);
    assertThat(Arrays.mismatch(host.mediumAt(at, bytes), expected))
        .as("from byte %d of the medium on, the first that is not %02x", at, value)
        .isEqualTo(-1);
  }

  private void reset() {
    host.controller.writeRegister(0x14, 0);
    host.enable();
  }

  private ByteBuffer sanitizeLog() {
    assertThat(host.admin(Command.of(2, 0).prp(4096, 0).cdw(10, SANITIZE_LOG | 1 << 15 | 4 << 16)))
        .isEqualTo(NvmeStatus.SUCCESS);
    return data();
  }

  private ByteBuffer data() {
    return ByteBuffer.wrap(host.memoryAt(4096, 4096)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
