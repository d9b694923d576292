package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.KeyBlock;
import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.keyslot.CryptoProfile;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random entries: no exception, no hang, and only a write that succeeds changes the medium. */
class CommandFuzzTest {
  private static final int COMMANDS = 20_000;
  private static final long KEY_BLOCK = HandHost.MEMORY_BYTES - 4096;
  private static final int COMPARED_BYTES = 256 * 1024; // where plausible commands write

  @Test
  @Timeout(60)
  void onlyAValidWriteChangesTheMedium() {
    try (HandHost host = HandHost.ready(512, 8);
        CryptoKey key = HandHost.key(512)) {
      host.controller.crypto.program(2, key);
      fuzz(host);
    }
  }

  @Test
  @Timeout(60)
  void onlyAValidWriteChangesTheMediumOfADeviceThatTakesKeysWithCommands() {
    try (HandHost host =
            HandHost.ready(new CryptoProfile(0, 16, Map.of(CryptoMode.AES_256_XTS, 4096)));
        CryptoKey key = HandHost.key(4096)) {
      KeyBlock.put(host.memory, KEY_BLOCK, CryptoMode.AES_256_XTS, 4096, key.exposeSecretBytes());
      fuzz(host);
    }
  }

  private static void fuzz(HandHost host) {
    Random random = new Random(20_000);
    int[] succeeded = new int[3]; // by opcode
    int encrypted = 0;
    MemorySegment before = MemorySegment.ofArray(new byte[COMPARED_BYTES]);
    for (int i = 0; i < COMMANDS; i++) {
      Command command = random(random, host.controller.crypto.takesKeysWithCommands());
      int status = host.io(command);
      int opcode = command.bytes.get(0) & 0xFF;
      if (status == NvmeStatus.SUCCESS) {
        succeeded[opcode]++;
        encrypted += opcode == 0 ? 0 : command.bytes.getInt(48) >>> 16 & 1;
        if (opcode == 1) {
          long start = command.bytes.getLong(40) * 512;
          long end = start + ((command.bytes.getInt(48) & 0xFFFF) + 1) * 512L;
          copy(host, before, start, end);
        }
      }
      MemorySegment after = host.medium.segment().asSlice(0, COMPARED_BYTES);
      assertThat(after.mismatch(before)).as("command %d: %s", i, hex(command)).isEqualTo(-1);
    }
    assertThat(Arrays.stream(succeeded).min().getAsInt()).as("of each kind").isGreaterThan(50);
    assertThat(encrypted).as("encrypted").isGreaterThan(5);
  }

  private static void copy(HandHost host, MemorySegment before, long start, long end) {
    if (start < COMPARED_BYTES) {
      long length = Math.min(end, COMPARED_BYTES) - start;
      MemorySegment.copy(host.medium.segment(), start, before, start, length);
    }
  }

  /** Random bytes, in which some fields often make sense. */
  private static Command random(Random random, boolean keysWithCommands) {
    Command command = Command.of(0, 0);
    random.nextBytes(command.bytes.array());
    if (random.nextInt(10) > 0) {
      command.put(0, random.nextInt(4)).put(1, random.nextInt(20) == 0 ? 1 : 0);
      command.bytes.putInt(4, random.nextInt(20) == 0 ? 2 : 1);
      if (random.nextInt(10) > 0) {
        command.prp(address(random), address(random));
      }
      if (random.nextInt(10) > 0) {
        command.range(random.nextInt(500), 1 + random.nextInt(1 << random.nextInt(13)));
      }
      if (keysWithCommands && random.nextBoolean()) {
        command.crypto(15, 0xFFFF - random.nextInt(10) / 9, -1, 1);
        command.bytes.putLong(56, random.nextInt(5) > 0 ? KEY_BLOCK : random.nextLong());
      } else if (random.nextBoolean()) {
        command.crypto(random.nextInt(4) > 0 ? 15 : random.nextInt(16), random.nextInt(5), -1, 1);
      }
    }
    return command;
  }

  /** In the first 6 MiB of host memory, where no ring is; mostly page-aligned. */
  private static long address(Random random) {
    long page = random.nextInt(1536) * 4096L;
    return random.nextInt(4) > 0 ? page : page + random.nextInt(4096);
  }

  private static String hex(Command command) {
    return java.util.HexFormat.of().formatHex(command.bytes.array());
  }
}
