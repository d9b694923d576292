package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.SimulationConfig;
import inlinecrypt.fscrypt.Nonce;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Seeded lists of operations on the filesystem and on a map of byte arrays, which must agree; and
 * the medium must hold what keys, nonces and positions say, and no secret.
 */
final class FileSystemModelTest {
  private static final int OPERATIONS = 150;
  private static final int MAX_BYTES = 120_000;

  private final Map<Nonce, Long> extentOfNonce = new HashMap<>();

  static Stream<Arguments> runs() {
    return Stream.of(StrategyKind.values())
        .flatMap(strategy ->
            Stream.iterate(1L, seed -> seed + 1)
                .limit(10)
                .map(seed -> Arguments.of(strategy, seed)));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("runs")
  void anyOperationListAgreesWithAMapOfByteArrays(StrategyKind strategy, long seed) {
    SimulationConfig config =
        seed % 2 == 0
            ? SimulationConfig.defaults()
            : SimulationConfig.defaults().withImmediateTime();
    List<FileOperation> operations = FileOperation.list(seed, OPERATIONS, MAX_BYTES);
    FileModel model = new FileModel();
    int step = -1;
    try (TestMachine machine =
        new TestMachine(
            new FormatOptions(strategy, ContentsCrypto.DEVICE, 64 << 10), 8 << 20, config)) {
      machine.makeSecret();
      for (step = 0; step < operations.size(); step++) {
        model.apply(operations.get(step), machine);
        if (strategy == StrategyKind.LIGHTWEIGHT) {
          noteNonces(machine.fs, model);
        }
        if (step % 10 == 9) {
          compare(machine, model);
        }
      }
      machine.fs.sync();
      compare(machine, model);
      predictTheMedium(machine, model);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          strategy + ", seed " + seed + ", step " + step + " of " + operations, e);
    }
  }

  private static void compare(TestMachine machine, FileModel model) {
    for (Map.Entry<String, byte[]> file : model.files.entrySet()) {
      assertThat(machine.read(file.getKey())).as(file.getKey()).isEqualTo(file.getValue());
    }
    assertThat(machine.fs.list("/secret"))
        .extracting(DirectoryEntry::name)
        .isEqualTo(
            model.files.keySet().stream()
                .filter(path -> path.startsWith("/secret/"))
                .map(path -> path.substring("/secret/".length()))
                .toList());
  }

  /** Each nonce names one extent, whose number never has another nonce. */
  private void noteNonces(FileSystem fs, FileModel model) {
    for (String path : model.files.keySet()) {
      for (ExtentView run : fs.extents(path)) {
        Nonce nonce = run.nonce();
        if (nonce != null) {
          Long known = extentOfNonce.put(nonce, run.extentId());
          assertThat(known == null || known == run.extentId()).as("nonce %s", nonce).isTrue();
        }
      }
    }
  }

  private static void predictTheMedium(TestMachine machine, FileModel model) {
    TreeSet<Nonce> nonces = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
    TreeSet<Long> extents = new TreeSet<>();
    for (Map.Entry<String, byte[]> file : model.files.entrySet()) {
      machine.assertMediumHolds(file.getKey(), file.getValue());
      for (ExtentView run : machine.fs.extents(file.getKey())) {
        extents.add(run.extentId());
        if (run.nonce() != null) {
          nonces.add(run.nonce());
        }
      }
    }
    assertThat(machine.fs.extentIds())
        .as("extents that files point into")
        .containsExactlyElementsOf(extents);

    Map<Long, String> secrets = new HashMap<>();
    secrets.put(first8(FileModel.MARKER, 0), "plaintext of an encrypted file");
    secrets.put(first8(TestMachine.MASTER_KEY, 0), "master key");
    secrets.put(first8(TestMachine.MASTER_KEY, 32), "second half of the master key");
    for (Nonce nonce : nonces) {
      byte[] key = machine.contentsKey(nonce);
      secrets.put(first8(key, 0), "key of nonce " + nonce);
      secrets.put(first8(key, 32), "tweak key of nonce " + nonce);
    }
    assertThat(found(machine.mediumBytes(), secrets)).isEmpty();
  }

  private static long first8(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).getLong(at);
  }

  private static List<String> found(byte[] medium, Map<Long, String> secrets) {
    BitSet maybe = new BitSet();
    secrets.keySet().forEach(secret -> maybe.set((int) (secret & 0xFFFF)));
    List<String> found = new ArrayList<>();
    long window = 0;
    for (int at = 0; at < medium.length; at++) {
      window = window << 8 | medium[at] & 0xFF;
      if (maybe.get((int) (window & 0xFFFF)) && at >= 7) {
        String name = secrets.get(window);
        if (name != null) {
          found.add(name + " at " + (at - 7));
        }
      }
    }
    return found;
  }
}
