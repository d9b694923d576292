package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static blockdev.fs.TestMachine.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.SimulationConfig;
import blockdev.fault.Fault;
import blockdev.fault.FaultPlan;
import blockdev.sim.SimulationEnded;
import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Filesystems that were never unmounted. Where nothing is said of power, only the host crashed: the
 * medium at any instant, with what is in the device's cache, is what that leaves.
 */
final class FileSystemCrashTest {
  private static final int OPERATIONS = 120;
  private static final int MAX_BYTES = 60_000;
  private static final int CUTS = 15;
  private static final int POWER_CUTS = 6;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void afterAnyCutWhatWasSyncedIsThereAndNoFileIsHalfChanged(long seed) {
    StrategyKind strategy = StrategyKind.values()[(int) (seed % 2)];
    List<FileOperation> operations = FileOperation.list(seed, OPERATIONS, MAX_BYTES);
    History history = new History();
    Cuts cuts = new Cuts(seed, history);
    try (TestMachine machine =
        new TestMachine(
            new FormatOptions(strategy, ContentsCrypto.DEVICE, 16 << 10),
            4 << 20,
            SimulationConfig.defaults().withTracer(cuts))) {
      machine.makeSecret();
      machine.fs.sync();
      cuts.machine = machine;
      for (FileOperation operation : operations) {
        history.apply(operation, machine);
      }
      cuts.machine = null;
    }
    assertThat(cuts.taken).hasSize(CUTS);
    for (Cut cut : cuts.taken) {
      try {
        verify(cut);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(strategy + ", seed " + seed + ", " + cut + " of " + operations, e);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void afterAnyPowerCutWhatWasSyncedIsThereAndNoFileIsHalfChanged(long seed) {
    StrategyKind strategy = StrategyKind.values()[(int) (seed % 2)];
    List<FileOperation> operations = FileOperation.list(seed, OPERATIONS, MAX_BYTES);
    Random chance = new Random(seed);
    for (int i = 0; i < POWER_CUTS; i++) {
      int operation = chance.nextInt(OPERATIONS);
      Cut cut = cutPower(strategy, operations, operation, chance);
      try {
        verify(cut);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "%s, seed %d, power cut from operation %d on, of %s"
                .formatted(strategy, seed, operation, operations),
            e);
      }
    }
  }

  /** Cuts the power some events after the operation of that number begins. */
  private static Cut cutPower(
      StrategyKind strategy, List<FileOperation> operations, int operation, Random chance) {
    History history = new History();
    try (TestMachine machine =
        new TestMachine(
            new FormatOptions(strategy, ContentsCrypto.DEVICE, 16 << 10),
            4 << 20,
            SimulationConfig.defaults().withPowerCuts())) {
      machine.makeSecret();
      machine.fs.sync();
      for (FileOperation before : operations.subList(0, operation)) {
        history.apply(before, machine);
      }
      machine.simulation.cutPowerAfter(chance.nextInt(150), chance.nextLong());
      try {
        for (FileOperation after : operations.subList(operation, operations.size())) {
          history.apply(after, machine);
        }
        machine.simulation.cutPower(chance.nextLong());
      } catch (SimulationEnded end) {
        history.note(); // of the operation that was under way
      }
      return new Cut(operation, machine.mediumBytes(), history.note());
    }
  }

  /** The filesystem is given up at the first failure, and mounted again on a device without. */
  @ParameterizedTest
  @ValueSource(strings = {"write-error", "flush-error", "read-error"})
  void afterACommandFailedWhatWasSyncedIsThereAndNoFileIsHalfChanged(String kind) {
    int failures = 0;
    for (int seed = 1; seed <= 20; seed++) {
      Fault fault = Fault.parse(kind).fromMatch(1 + seed);
      List<FileOperation> operations = FileOperation.list(seed, OPERATIONS, MAX_BYTES);
      History history = new History();
      Cut left;
      try (TestMachine machine =
          new TestMachine(
              new FormatOptions(StrategyKind.LIGHTWEIGHT, ContentsCrypto.DEVICE, 16 << 10),
              4 << 20,
              SimulationConfig.defaults())) {
        machine.makeSecret();
        machine.fs.sync();
        int done = 0;
        try {
          machine.remount(SimulationConfig.defaults().withFaults(new FaultPlan(seed, fault)));
          machine.fs.addKey(TestMachine.MASTER_KEY);
          for (FileOperation operation : operations) {
            history.apply(operation, machine);
            done++;
          }
        } catch (FsException e) {
          assertThat(e.errno()).as("seed %d", seed).isEqualTo(Errno.EIO);
          assertThat(machine.simulation.faults().total()).as("seed %d", seed).isEqualTo(1);
          failures++;
        }
        left = new Cut(done, machine.mediumBytes(), history.note());
      }
      try {
        verify(left);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", " + left + " of " + operations, e);
      }
    }
    assertThat(failures).isGreaterThan(5);
  }

  private static void verify(Cut cut) {
    try (TestMachine machine = new TestMachine(cut.medium())) {
      machine.fs.addKey(TestMachine.MASTER_KEY);
      Set<Long> reachable = new HashSet<>();
      for (Map.Entry<String, List<byte[]>> path : cut.states().entrySet()) {
        byte[] found = readOrAbsent(machine, path.getKey());
        assertThat(path.getValue())
            .as(path.getKey())
            .anyMatch(state -> Arrays.equals(state, found));
        if (found != History.ABSENT) {
          machine.fs.extents(path.getKey()).forEach(run -> reachable.add(run.extentId()));
        }
      }
      assertThat(machine.fs.extentIds()).containsExactlyInAnyOrderElementsOf(reachable);
      machine.write("/after", bytes(9000, 1));
      assertThat(machine.read("/after")).isEqualTo(bytes(9000, 1));
    }
  }

  private static byte[] readOrAbsent(TestMachine machine, String path) {
    try {
      return machine.read(path);
    } catch (FsException e) {
      assertThat(e.errno()).isEqualTo(Errno.ENOENT);
      return History.ABSENT;
    }
  }

  /** What each file may hold after a crash: any of its states since it was last made durable. */
  private static final class History {
    /** Stands for a file that is not there. */
    static final byte[] ABSENT = {'a', 'b', 's', 'e', 'n', 't'};

    private final FileModel model = new FileModel();
    private final Map<String, List<byte[]>> states = new TreeMap<>();

    void apply(FileOperation operation, TestMachine machine) {
      model.apply(operation, machine);
      note();
      switch (operation) {
        case FileOperation.Fsync(String path) -> {
          if (model.files.containsKey(path)) { // what is gone cannot be synced, nor its removal
            forgetOlder(path);
          }
        }
        case FileOperation.Sync _, FileOperation.LockAndUnlock _, FileOperation.Remount _ ->
            states.keySet().forEach(this::forgetOlder);
        default -> {}
      }
    }

    /** Also in the middle of an operation: the model is ahead of the filesystem then. */
    Map<String, List<byte[]>> note() {
      model.files.keySet().forEach(path -> states.computeIfAbsent(path, History::absent));
      states.forEach((path, known) -> {
        byte[] now = model.files.getOrDefault(path, ABSENT);
        if (known.getLast() != now) {
          known.add(now);
        }
      });
      Map<String, List<byte[]>> copy = new TreeMap<>();
      states.forEach((path, known) -> copy.put(path, List.copyOf(known)));
      return copy;
    }

    private void forgetOlder(String path) {
      List<byte[]> known = states.get(path);
      if (known != null) {
        known.subList(0, known.size() - 1).clear();
      }
    }

    private static List<byte[]> absent(String path) {
      return new ArrayList<>(List.of(ABSENT));
    }
  }

  private record Cut(int command, byte[] medium, Map<String, List<byte[]>> states) {
    @Override
    public String toString() {
      return "cut after command " + command;
    }
  }

  /** Copies the medium after some of the commands. */
  private static final class Cuts extends QuietTracer {
    final List<Cut> taken = new ArrayList<>();
    private final Random random;
    private final History history;
    private TestMachine machine;
    private int command;
    private int next;

    Cuts(long seed, History history) {
      random = new Random(seed);
      this.history = history;
    }

    @Override
    public void commandCompleted(int queueId, MemorySegment entry) {
      if (machine != null && taken.size() < CUTS && command++ == next) {
        next = command + random.nextInt(5);
        taken.add(new Cut(command, machine.mediumBytes(), history.note()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void bytesThatWereCutOffDoNotComeBackWhenTheFileGrows(StrategyKind strategy) {
    byte[] content = bytes(20_000, 1);
    byte[] medium;
    try (TestMachine machine = TestMachine.of(strategy)) {
      machine.makeSecret();
      machine.write("/secret/file", content);
      try (OpenFile file = machine.fs.open("/secret/file")) {
        file.truncate(10_000);
        machine.write("/secret/other", content); // commits the new size as well
        medium = machine.mediumBytes();
      }
    }
    try (TestMachine machine = new TestMachine(medium)) {
      machine.fs.addKey(TestMachine.MASTER_KEY);
      assertThat(machine.read("/secret/file")).isEqualTo(Arrays.copyOf(content, 10_000));
      try (OpenFile file = machine.fs.open("/secret/file")) {
        file.truncate(20_000);
      }
      assertThat(machine.read("/secret/file"))
          .isEqualTo(Arrays.copyOf(Arrays.copyOf(content, 10_000), 20_000));
    }
  }

  @Test
  void whatWasOnlyWrittenMayBeGoneButTheNameStaysUnusedOrEmpty() {
    byte[] medium;
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT);
        OpenFile file = machine.fs.create("/file")) {
      file.write(0, MemorySegment.ofArray(bytes(5000, 1)));
      medium = machine.mediumBytes();
    }
    try (TestMachine machine = new TestMachine(medium)) {
      assertFails(Errno.ENOENT, () -> machine.fs.open("/file"));
    }
  }
}
