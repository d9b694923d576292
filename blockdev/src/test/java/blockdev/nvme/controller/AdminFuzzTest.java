package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random admin entries: no exception, no hang, and the controller is alive afterwards. */
class AdminFuzzTest {
  private static final int COMMANDS = 5_000;
  private static final long SEED = 7;
  private static final int[] OPCODES = {
    0x00, 0x01, 0x02, 0x04, 0x05, 0x06, 0x08, 0x09, 0x0A, 0x18, 0x81, 0x82, 0x0C, 0x80, 0x84
  };

  @Test
  @Timeout(60)
  void theControllerOutlivesAnyEntry() {
    Random random = new Random(SEED);
    int succeeded = 0;
    try (HandHost host = HandHost.withTwoNamespaces()) {
      for (int i = 0; i < COMMANDS; i++) {
        Command command = random(random);
        String what = "seed " + SEED + ", command " + i + ": " + hex(command);
        host.submitAdmin(command);
        host.settle(1_000_000_000);
        boolean completed = host.takeAdmin() >= 0;
        assertThat(completed || command.bytes.get(0) == 0x0C).as(what).isTrue();
        succeeded += completed && host.status() == NvmeStatus.SUCCESS ? 1 : 0;
        if (i % 10 == 9) { // or requests for events would pile up
          host.controller.writeRegister(0x14, 0);
          host.enable();
          assertThat(host.controller.readRegister(0x1C)).as(what).isEqualTo(1);
        }
      }
      host.controller.writeRegister(0x14, 0);
      host.enable();
      host.makeIoQueues();
      assertThat(host.io(Command.write(0, 1, 0, 0))).isEqualTo(NvmeStatus.SUCCESS);
    }
    assertThat(succeeded).isGreaterThan(COMMANDS / 20);
  }

  /** Random bytes, in which some fields often make sense. Data stays clear of the rings. */
  private static Command random(Random random) {
    Command command = Command.of(0, 0);
    random.nextBytes(command.bytes.array());
    command.put(1, random.nextInt(20) == 0 ? 1 : 0).prp(address(random), address(random));
    if (random.nextInt(10) > 0) {
      int kind = random.nextInt(100) == 0 ? 15 : 13; // erasing is rare, as it takes its time
      command.put(0, OPCODES[random.nextInt(kind)]);
      command.bytes.putInt(4, random.nextInt(4) - 1);
      if (random.nextInt(3) > 0) {
        command.cdw10And11(random.nextInt(0x90) | random.nextInt(64) << 16, random.nextInt(256));
        command.cdw(12, random.nextInt(3) * 64).cdw(13, 0);
      }
    }
    return command;
  }

  private static long address(Random random) {
    return random.nextInt(20) == 0 ? random.nextLong() | 1L << 40 : random.nextInt(1024) * 4096L;
  }

  private static String hex(Command command) {
    return HexFormat.of().formatHex(command.bytes.array());
  }
}
