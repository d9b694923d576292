package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.sim.SimThread;
import inlinecrypt.Errno;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.KeyStatus;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Simulated threads that write, read, move and sync one file, in an order that a seed decides. */
final class FileSystemConcurrencyTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 200;
  private static final int WRITES = 40;
  private static final int FLUSHES_PER_READ = 7; // about, by their time

  static Stream<Arguments> runs() {
    return Stream.of(StrategyKind.values())
        .flatMap(strategy -> Stream.of(1L, 2L, 3L).map(seed -> Arguments.of(strategy, seed)));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("runs")
  void noReaderSeesOldOrForeignBlocksAndEqualSeedsGiveEqualRuns(StrategyKind strategy, long seed) {
    assertThat(run(strategy, seed)).isEqualTo(run(strategy, seed));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("runs")
  void aFileIsReadRightOrNotAtAllWhileItsKeyComesAndGoes(StrategyKind strategy, long seed) {
    byte[] content = TestMachine.bytes(3 * BLOCK, seed);
    try (TestMachine machine = TestMachine.of(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      machine.write("/secret/file", content);
      int[] outcomes = new int[2];
      List<SimThread> readers = new ArrayList<>();
      for (String name : List.of("one", "other")) {
        readers.add(start(machine, name, () -> readOrLearn(machine, content, outcomes)));
      }
      Random random = new Random(seed);
      for (int i = 0; i < 100; i++) {
        machine.fs.addKey(TestMachine.MASTER_KEY);
        pause(machine, random.nextInt(4));
        machine.fs.removeKey(key);
        pause(machine, random.nextInt(4));
      }
      readers.forEach(SimThread::join);
      assertThat(outcomes[0]).as("reads").isPositive();
      assertThat(outcomes[1]).as("refusals").isPositive();
      assertThat(machine.fs.keyStatus(key)).isEqualTo(KeyStatus.ABSENT);
    }
  }

  private static void pause(TestMachine machine, int reads) {
    for (int i = 0; i < reads * FLUSHES_PER_READ; i++) {
      machine.fs.sync();
    }
  }

  private static void readOrLearn(TestMachine machine, byte[] content, int[] outcomes) {
    for (int i = 0; i < 100; i++) {
      try {
        assertThat(machine.read("/secret/file")).isEqualTo(content);
        outcomes[0]++;
      } catch (FsException e) {
        assertThat(e.errno()).isEqualTo(Errno.ENOKEY);
        outcomes[1]++;
      }
      pause(machine, 1);
    }
  }

  private record Run(long eventLogHash, long endNs) {}

  private static Run run(StrategyKind strategy, long seed) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      machine.makeSecret();
      machine.write("/secret/file", new byte[BLOCKS * BLOCK]);
      Versions versions = new Versions();
      SimThread writer = start(machine, "writer", () -> write(machine, versions, seed));
      SimThread reader = start(machine, "reader", () -> read(machine, versions, seed));
      SimThread relocator = start(machine, "relocator", () -> relocate(machine, versions, seed));
      while (!versions.done) {
        try (OpenFile file = machine.fs.open("/secret/file")) {
          file.fsync();
        }
      }
      for (SimThread thread : List.of(writer, reader, relocator)) {
        thread.join();
      }
      machine.fs.sync();
      byte[] expected = new byte[BLOCKS * BLOCK];
      for (int block = 0; block < BLOCKS; block++) {
        Arrays.fill(expected, block * BLOCK, (block + 1) * BLOCK, (byte) versions.written[block]);
      }
      assertThat(machine.read("/secret/file")).isEqualTo(expected);
      machine.assertMediumHolds("/secret/file", expected);
      return new Run(machine.simulation.eventLogHash(), machine.simulation.time().nowNs());
    }
  }

  private static SimThread start(TestMachine machine, String name, Runnable body) {
    return machine.simulation.time().start(name, body);
  }

  /** Every block is filled with the number of the last write to it. */
  private static final class Versions {
    final int[] begun = new int[BLOCKS];
    final int[] written = new int[BLOCKS];
    boolean done;
  }

  private static void write(TestMachine machine, Versions versions, long seed) {
    Random random = new Random(seed);
    try (OpenFile file = machine.fs.open("/secret/file")) {
      for (int version = 1; version <= WRITES; version++) {
        int from = random.nextInt(BLOCKS);
        int count = 1 + random.nextInt(Math.min(40, BLOCKS - from));
        byte[] content = new byte[count * BLOCK];
        Arrays.fill(content, (byte) version);
        Arrays.fill(versions.begun, from, from + count, version);
        file.write((long) from * BLOCK, MemorySegment.ofArray(content));
        Arrays.fill(versions.written, from, from + count, version);
        if (random.nextInt(3) == 0) {
          file.fsync();
        }
      }
    } finally {
      versions.done = true;
    }
  }

  private static void read(TestMachine machine, Versions versions, long seed) {
    Random random = new Random(~seed);
    byte[] block = new byte[BLOCK];
    while (!versions.done) {
      int from = random.nextInt(BLOCKS);
      int count = 1 + random.nextInt(BLOCKS - from);
      int[] atLeast = versions.written.clone();
      byte[] content = new byte[count * BLOCK];
      try (OpenFile file = machine.fs.open("/secret/file")) {
        file.read((long) from * BLOCK, MemorySegment.ofArray(content));
      }
      for (int i = 0; i < count; i++) {
        int version = content[i * BLOCK];
        assertThat(version).isBetween(atLeast[from + i], versions.begun[from + i]);
        Arrays.fill(block, (byte) version);
        assertThat(Arrays.equals(content, i * BLOCK, (i + 1) * BLOCK, block, 0, BLOCK))
            .as("block %d is of one version", from + i)
            .isTrue();
      }
    }
  }

  private static void relocate(TestMachine machine, Versions versions, long seed) {
    Random random = new Random(seed + 17);
    while (!versions.done) {
      List<Long> extents = machine.fs.extentIds();
      machine.fs.relocate(extents.get(random.nextInt(extents.size())));
      if (random.nextInt(4) == 0) {
        machine.fs.sync();
      }
    }
  }
}
