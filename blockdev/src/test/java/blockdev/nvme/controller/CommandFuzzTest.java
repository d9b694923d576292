package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.KeyBlock;
import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random entries: no exception, no hang, and only a write that succeeds changes the medium. */
class CommandFuzzTest {
  private static final int COMMANDS = 3000;
  private static final long KEY_BLOCK = HandHost.MEMORY_BYTES - 4096;
  private static final int COMPARED_BYTES = 128 * 1024; // where plausible commands write

  private static final int[] OPCODES = {0x00, 0x01, 0x02, 0x04, 0x05, 0x08, 0x09, 0x0C, 0x19};
  private static final int WRITE = 0x01;

  static Stream<LbaFormat> formats() {
    LbaFormat metadata = new LbaFormat(4096, 16);
    return Stream.of(
        new LbaFormat(512),
        new LbaFormat(4096),
        metadata,
        new LbaFormat(4096, 64).withExtended(true),
        metadata.withProtection(true),
        new LbaFormat(4096, 8).withExtended(true).withProtection(false));
  }

  @ParameterizedTest
  @MethodSource("formats")
  @Timeout(60)
  void onlyCommandsThatWriteChangeTheMedium(LbaFormat format) {
    try (HandHost host = HandHost.ready(format);
        CryptoKey key = HandHost.key(512)) {
      host.controller.crypto.program(2, key);
      fuzz(host, format);
    }
  }

  @Test
  @Timeout(60)
  void onlyCommandsThatWriteChangeTheMediumOfADeviceThatTakesKeysWithCommands() {
    LbaFormat format = new LbaFormat(512);
    try (HandHost host = HandHost.slotless(format);
        CryptoKey key = HandHost.key(4096)) {
      KeyBlock.put(host.memory, KEY_BLOCK, CryptoMode.AES_256_XTS, 4096, key.exposeSecretBytes());
      fuzz(host, format);
    }
  }

  private static void fuzz(HandHost host, LbaFormat format) {
    Random random = new Random(20_000);
    int[] succeeded = new int[256]; // by opcode
    int encrypted = 0;
    MemorySegment before = MemorySegment.ofArray(new byte[COMPARED_BYTES]);
    for (int i = 0; i < COMMANDS; i++) {
      Command command = random(random, host.controller.crypto.takesKeysWithCommands());
      boolean inPair = random.nextInt(20) == 0;
      int status = inPair ? host.ioTogether(command, pairOf(random, command))[1] : host.io(command);
      int opcode = command.bytes.get(0) & 0xFF;
      if (status == NvmeStatus.SUCCESS) {
        succeeded[opcode]++;
        encrypted += opcode == 0 ? 0 : command.bytes.getInt(48) >>> 16 & 1;
      }
      if (inPair || (status == NvmeStatus.SUCCESS && changesBlocks(opcode))) {
        if (!inPair && opcode == WRITE && format.metadataBytes() == 0) {
          long start = command.bytes.getLong(40) * format.blockBytes();
          long blocks = (command.bytes.getInt(48) & 0xFFFF) + 1;
          copy(host, before, start, start + blocks * format.blockBytes());
        } else {
          copy(host, before, 0, COMPARED_BYTES);
        }
      }
      MemorySegment after = host.medium.segment().asSlice(0, COMPARED_BYTES);
      assertThat(after.mismatch(before)).as("command %d: %s", i, hex(command)).isEqualTo(-1);
    }
    for (int opcode : OPCODES) {
      assertThat(succeeded[opcode]).as("of %02xh", opcode).isGreaterThan(2);
    }
    assertThat(encrypted).as("encrypted").isGreaterThan(2);
  }

  private static boolean changesBlocks(int opcode) {
    return opcode == WRITE || opcode == 0x08 || opcode == 0x09 || opcode == 0x19;
  }

  /** Makes a fused pair of a command and one that is, but for its opcode, often the same. */
  private static Command pairOf(Random random, Command command) {
    Command second = Command.of(0, 0);
    second.bytes.put(0, command.bytes, 0, 64);
    if (random.nextInt(4) > 0) {
      command.put(0, 0x05);
      second.put(0, WRITE);
    }
    command.put(1, random.nextInt(4) > 0 ? 1 : random.nextInt(4));
    return second.put(1, random.nextInt(4) > 0 ? 2 : random.nextInt(4));
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
      command.put(0, OPCODES[random.nextInt(OPCODES.length)]);
      command.put(1, random.nextInt(20) == 0 ? 1 : 0);
      command.bytes.putInt(4, random.nextInt(20) == 0 ? 2 : 1);
      if (random.nextInt(10) > 0) {
        command.prp(address(random), address(random));
      }
      long lba = random.nextInt(500);
      if (random.nextInt(10) > 0) {
        command.range(lba, 1 + random.nextInt(1 << random.nextInt(13)));
      }
      if (random.nextInt(10) > 0) {
        command.metadata(address(random) & -4);
        command.bytes.putInt(56, (int) lba).putInt(60, random.nextInt(3) - 1);
        command.cdw12(random.nextInt(3) == 0 ? random.nextInt() << 24 : 0);
      }
      if (keysWithCommands && random.nextBoolean()) {
        command.crypto(15, 0xFFFF - random.nextInt(10) / 9, -1, command.bytes.getLong(16));
        command.bytes.putLong(56, random.nextInt(5) > 0 ? KEY_BLOCK : random.nextLong());
      } else if (random.nextBoolean()) {
        int type = random.nextInt(4) > 0 ? 15 : random.nextInt(16);
        command.crypto(type, random.nextInt(5), -1, command.bytes.getLong(16));
      }
      int opcode = command.bytes.get(0);
      if (opcode == 0x09 || opcode == 0x19) { // what memory holds is often a range of block 0
        int count = random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(3);
        command.put(opcode == 0x09 ? 40 : 48, count);
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
