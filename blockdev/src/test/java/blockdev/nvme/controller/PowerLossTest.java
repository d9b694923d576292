package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.media.MemoryMedium;
import blockdev.media.VolatileMedium;
import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What becomes of blocks with metadata, deallocated blocks and uncorrectable ones when power is
 * lost. Every other block is encrypted.
 */
@Timeout(60)
class PowerLossTest {
  private static final int BLOCKS = 8;
  private static final int OPERATIONS = 30;
  private static final int DEALLOCATED = 0;
  private static final int UNCORRECTABLE = -1;
  private static final int DATA = 1 << 20;
  private static final int METADATA = 2 << 20;

  @ParameterizedTest(name = "{0}+{1} bytes")
  @CsvSource({"512, 0", "4096, 0", "4096, 16"})
  void eachBlockIsWhatItWasAtSomeTimeSinceItWasLastDurable(int blockBytes, int metadataBytes) {
    TreeSet<Integer> fellBackTo = new TreeSet<>();
    for (long seed = 1; seed <= 30; seed++) {
      new Run(new LbaFormat(blockBytes, metadataBytes), seed).check(fellBackTo);
    }
    assertThat(fellBackTo).contains(UNCORRECTABLE, DEALLOCATED, 1).hasSizeGreaterThan(10);
  }

  /** Seeded commands, one after the other, and a loss of power. */
  private static final class Run {
    private final LbaFormat format;
    private final long seed;
    private final Random chance;
    private final List<List<Integer>> allowed = new ArrayList<>(); // by block, newest last
    private final List<String> history = new ArrayList<>();

    Run(LbaFormat format, long seed) {
      this.format = format;
      this.seed = seed;
      chance = new Random(seed);
      IntStream.range(0, BLOCKS).forEach(block -> allowed.add(new ArrayList<>(List.of(1))));
    }

    void check(TreeSet<Integer> fellBackTo) {
      VolatileMedium medium = new VolatileMedium(new MemoryMedium(HandHost.MEDIUM_BYTES));
      try (HandHost host = HandHost.ready(format, medium);
          CryptoKey key = HandHost.key(format.blockBytes())) {
        host.controller.crypto.program(0, key);
        for (int block = 0; block < BLOCKS; block++) {
          write(host, block, 1, false);
        }
        medium.flush();
        for (int value = 2; value < OPERATIONS; value++) {
          operate(host, value);
        }
        host.controller.losePower(new SplittableRandom(seed));
        medium.losePower(seed);
        for (int block = 0; block < BLOCKS; block++) {
          int found = read(host, block);
          assertThat(found)
              .as("block %d, seed %d, after %s", block, seed, history)
              .isIn(allowed.get(block));
          if (found != allowed.get(block).getLast()) {
            fellBackTo.add(found);
          }
        }
      }
    }

    private void operate(HandHost host, int value) {
      int block = chance.nextInt(BLOCKS);
      boolean forced = chance.nextInt(5) == 0;
      String suffix = " " + block + (forced ? " fua" : "");
      switch (chance.nextInt(8)) {
        case 0 -> {
          history.add("flush");
          good(host, Command.of(0, 1));
          allowed.forEach(Run::keepNewest);
        }
        case 1 -> {
          history.add("deallocate" + suffix);
          Command command = Command.deallocateZeroes(block, 1);
          good(host, forced ? command.forceUnitAccess() : command);
          note(block, DEALLOCATED, forced);
        }
        case 2 -> {
          history.add("uncorrectable " + block);
          good(host, Command.writeUncorrectable(block, 1));
          note(block, UNCORRECTABLE, false);
        }
        default -> {
          history.add("write " + value + suffix);
          write(host, block, value, forced);
          note(block, value, forced);
        }
      }
    }

    private void note(int block, int state, boolean durable) {
      allowed.get(block).add(state);
      if (durable) {
        keepNewest(allowed.get(block));
      }
    }

    private static void keepNewest(List<Integer> states) {
      states.subList(0, states.size() - 1).clear();
    }

    private void write(HandHost host, int block, int value, boolean forced) {
      host.fill(DATA, format.blockBytes(), value);
      host.fill(METADATA, 64, value);
      Command command = transfer(Command.write(block, 1, DATA, 0), block);
      good(host, forced ? command.forceUnitAccess() : command);
    }

    /** The value in all of the block and its metadata, or what else is known of it. */
    private int read(HandHost host, int block) {
      int status = host.io(transfer(Command.read(block, 1, DATA, 0), block));
      if (status == NvmeStatus.UNRECOVERED_READ_ERROR) {
        return UNCORRECTABLE;
      }
      assertThat(status).isEqualTo(NvmeStatus.SUCCESS);
      byte value = host.memoryAt(DATA, 1)[0];
      assertThat(host.memoryAt(DATA, format.blockBytes()))
          .as("block %d is not torn, seed %d, after %s", block, seed, history)
          .containsOnly(value);
      if (format.metadataBytes() > 0) {
        assertThat(host.memoryAt(METADATA, format.metadataBytes()))
            .as("metadata of block %d, seed %d, after %s", block, seed, history)
            .containsOnly(value);
      }
      return value;
    }

    private Command transfer(Command command, int block) {
      boolean hasMetadata = format.metadataBytes() > 0;
      if (block % 2 != 0) {
        return command.crypto(15, 0, block, hasMetadata ? METADATA : 0);
      }
      return hasMetadata ? command.metadata(METADATA) : command;
    }

    private static void good(HandHost host, Command command) {
      assertThat(host.io(command)).isEqualTo(NvmeStatus.SUCCESS);
    }
  }
}
