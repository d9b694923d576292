package blockdev.fs;

import static blockdev.fs.TestMachine.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.SimulationConfig;
import inlinecrypt.fscrypt.Nonce;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When dirty pages become extents, and which. */
final class WritebackTest {
  private static final int BLOCK = 4096;

  @Test
  void aCutBlockIsRewrittenUnderANewNonceWithZerosBehindTheEnd() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.makeSecret();
      byte[] content = bytes(5 * BLOCK, 1);
      machine.write("/secret/file", content);
      try (OpenFile file = machine.fs.open("/secret/file")) {
        file.truncate(2 * BLOCK + 10);
        file.fsync();
      }
      List<ExtentView> runs = machine.fs.extents("/secret/file");

      assertThat(runs).extracting(ExtentView::blocks).containsExactly(2, 1);
      assertThat(runs).extracting(ExtentView::nonce).doesNotHaveDuplicates();
      machine.assertMediumHolds("/secret/file", Arrays.copyOf(content, 2 * BLOCK + 10));
    }
  }

  @Test
  void overwritingMakesANewExtentAndTheRestKeepsItsNonceAndPositions() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.makeSecret();
      byte[] content = bytes(10 * BLOCK, 1);
      machine.write("/secret/file", content);
      ExtentView old = machine.fs.extents("/secret/file").getFirst();
      byte[] part = bytes(2 * BLOCK, 2);
      System.arraycopy(part, 0, content, 4 * BLOCK, part.length);
      machine.overwrite("/secret/file", 4L * BLOCK, part);

      List<ExtentView> runs = machine.fs.extents("/secret/file");
      assertThat(runs).extracting(ExtentView::fileBlock).containsExactly(0L, 4L, 6L);
      assertThat(runs).extracting(ExtentView::offsetBlocks).containsExactly(0, 0, 6);
      assertThat(runs.get(0).nonce()).isEqualTo(old.nonce());
      assertThat(runs.get(1).nonce()).isNotEqualTo(old.nonce());
      assertThat(runs.get(2).nonce()).isEqualTo(old.nonce());
      assertThat(runs.get(2).deviceBlock()).isEqualTo(old.deviceBlock() + 6);
      assertThat(machine.assertMediumHolds("/secret/file", content)).isEqualTo(10);
    }
  }

  @Test
  void noExtentIsLongerThanTheFormatSays() {
    try (TestMachine machine =
        new TestMachine(
            new FormatOptions(StrategyKind.LIGHTWEIGHT, ContentsCrypto.DEVICE, 8 * BLOCK),
            16 << 20,
            SimulationConfig.defaults())) {
      machine.makeSecret();
      byte[] content = bytes(20 * BLOCK, 1);
      machine.write("/secret/file", content);

      assertThat(machine.fs.extents("/secret/file"))
          .extracting(ExtentView::blocks)
          .containsExactly(8, 8, 4);
      machine.assertMediumHolds("/secret/file", content);
    }
  }

  @Test
  void whatIsWrittenPieceByPieceLiesInOneExtent() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.makeSecret();
      byte[] content = bytes(2_000_000, 1);
      try (OpenFile file = machine.fs.create("/secret/file")) {
        for (int at = 0; at < content.length; at += 1000) {
          file.write(at, MemorySegment.ofArray(Arrays.copyOfRange(content, at, at + 1000)));
        }
        assertThat(machine.fs.extents("/secret/file")).as("nothing is written yet").isEmpty();
        file.fsync();
      }
      assertThat(machine.fs.extents("/secret/file")).hasSize(1);
      machine.assertMediumHolds("/secret/file", content);
    }
  }

  @Test
  void writebackBeginsWhenAQuarterOfTheMemoryIsDirtyAndGivesLargeExtents() {
    SimulationConfig smallMemory = withHostMemory(32 << 20);
    try (TestMachine machine =
        new TestMachine(FormatOptions.of(StrategyKind.LIGHTWEIGHT), 64 << 20, smallMemory)) {
      machine.makeSecret();
      byte[] piece = bytes(1 << 20, 1);
      try (OpenFile file = machine.fs.create("/secret/file")) {
        for (int i = 0; i < 20; i++) {
          file.write((long) i << 20, MemorySegment.ofArray(piece));
        }
        assertThat(machine.fs.extents("/secret/file"))
            .extracting(ExtentView::blocks)
            .containsExactly(2048, 2048);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void noNonceComesTwiceAlsoNotAfterARemountWithTheSameSeed(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      machine.makeSecret();
      Set<Nonce> nonces = new HashSet<>();
      for (int i = 0; i < 6; i++) {
        String path = "/secret/" + i;
        machine.write(path, bytes(BLOCK, i));
        assertThat(nonces.add(Objects.requireNonNull(machine.fs.extents(path).getFirst().nonce())))
            .isTrue();
        machine.remount();
        machine.fs.addKey(TestMachine.MASTER_KEY);
      }
    }
  }

  private static SimulationConfig withHostMemory(long bytes) {
    SimulationConfig config = SimulationConfig.defaults();
    return config.withHost(config.host().withMemoryBytes(bytes));
  }
}
