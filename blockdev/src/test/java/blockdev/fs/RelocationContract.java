package blockdev.fs;

import static blockdev.fs.TestMachine.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.sim.SimThread;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What moving extents does on any device, with each strategy. */
abstract class RelocationContract {
  static final int BLOCK = 4096;
  static final int EXTENT_BLOCKS = 489; // of the content

  final byte[] content = bytes(2_000_000, 1);

  /** With 16 MiB of medium. */
  abstract TestMachine machine(StrategyKind strategy);

  /** Whether a move, once it has begun, keeps a file that loses its name. */
  abstract boolean movesWhatIsUnlinked();

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void theOldBlocksAreFreeAfterTheNextCommit(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy)) {
      machine.makeSecret();
      machine.write("/secret/file", content);
      machine.fs.sync();
      long freeBytes = machine.fs.freeBytes();
      long id = machine.fs.extentIds().getFirst();
      assertThat(machine.fs.relocate(id)).isTrue();
      assertThat(machine.fs.freeBytes()).isLessThan(freeBytes);
      machine.fs.sync();

      assertThat(machine.fs.freeBytes()).isEqualTo(freeBytes);
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void whereNoRunIsFreeNothingMoves(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy)) {
      machine.makeSecret();
      byte[] large = bytes(8_000_000, 2);
      machine.write("/secret/file", large);
      List<ExtentView> before = machine.fs.extents("/secret/file");
      long freeBytes = machine.fs.freeBytes();

      assertThat(machine.fs.relocate(before.getFirst().extentId())).isFalse();
      assertThat(machine.fs.extents("/secret/file")).isEqualTo(before);
      assertThat(machine.fs.freeBytes()).isEqualTo(freeBytes);
      assertThat(machine.fs.relocate(12_345)).as("an extent that is not there").isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void filesReadTheSameBeforeDuringAndAfter(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy)) {
      machine.makeSecret();
      machine.write("/secret/file", content);
      long id = machine.fs.extentIds().getFirst();
      SimThread reader =
          machine
              .simulation
              .time()
              .start(
                  "reader",
                  () -> {
                    for (int i = 0; i < 20; i++) {
                      assertThat(machine.read("/secret/file")).isEqualTo(content);
                    }
                  });
      for (int i = 0; i < 10; i++) {
        assertThat(machine.fs.relocate(id)).isTrue();
        machine.fs.sync();
      }
      reader.join();
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void anExtentThatIsOverwrittenMeanwhileMovesOrGoesButNothingIsLost(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy)) {
      machine.makeSecret();
      machine.write("/secret/file", content);
      byte[] part = bytes(3 * BLOCK, 2);
      SimThread writer =
          machine
              .simulation
              .time()
              .start("writer", () -> machine.overwrite("/secret/file", 10 * BLOCK, part));
      assertThat(machine.fs.relocate(machine.fs.extentIds().getFirst())).isTrue();
      writer.join();
      System.arraycopy(part, 0, content, 10 * BLOCK, part.length);

      assertThat(machine.read("/secret/file")).isEqualTo(content);
      machine.fs.sync();
      machine.assertMediumHolds("/secret/file", content);
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void anExtentThatIsUnlinkedMeanwhileGoesAndAllItsBlocksComeBack(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy)) {
      machine.makeSecret();
      machine.fs.sync();
      long freeBytes = machine.fs.freeBytes();
      machine.write("/secret/file", content);
      List<Boolean> moved = new ArrayList<>();
      long id = machine.fs.extentIds().getFirst();
      SimThread relocator =
          machine.simulation.time().start("relocator", () -> moved.add(machine.fs.relocate(id)));
      machine.fs.sync(); // lets the relocator begin
      machine.fs.unlink("/secret/file");
      byte[] other = bytes(content.length, 3); // may get the blocks of either place
      machine.write("/secret/other", other);
      relocator.join();
      assertThat(moved).containsExactly(movesWhatIsUnlinked());
      assertThat(machine.read("/secret/other")).isEqualTo(other);
      machine.fs.unlink("/secret/other");
      machine.fs.sync();
      machine.fs.makeDirectory("/changed"); // so that there is something to commit
      machine.fs.sync();

      assertThat(machine.fs.freeBytes()).isEqualTo(freeBytes);
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void twoThatMoveOneExtentAgree(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy)) {
      machine.makeSecret();
      machine.write("/secret/file", content);
      machine.fs.sync();
      long freeBytes = machine.fs.freeBytes();
      long id = machine.fs.extentIds().getFirst();
      List<Boolean> moved = new ArrayList<>();
      SimThread other =
          machine.simulation.time().start("other", () -> moved.add(machine.fs.relocate(id)));
      moved.add(machine.fs.relocate(id));
      other.join();
      machine.fs.sync();

      assertThat(moved).containsExactlyInAnyOrder(true, false);
      assertThat(machine.read("/secret/file")).isEqualTo(content);
      assertThat(machine.fs.freeBytes()).isEqualTo(freeBytes);
    }
  }
}
