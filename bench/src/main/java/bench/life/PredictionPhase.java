package bench.life;

import blockdev.fs.ExtentView;
import blockdev.fs.FileSystem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Predicts what lies on the medium: all blocks of copies and of extents that were relocated, and
 * the first block of every other extent.
 */
final class PredictionPhase {
  private static final int BLOCK_BYTES = 4096;

  private final MediumPrediction prediction;
  private final Problems problems;
  private final boolean countedFromFile;
  private final int extents;
  private final boolean filesHaveBytes;
  private final List<Runnable> checks = new ArrayList<>();
  private long bytes;
  private boolean sameFromFileAndExtent = true;

  /**
   * Chooses the blocks.
   *
   * @param fs with nothing dirty in it
   * @param countedFromFile false; true if data unit numbers are wrong on purpose, as if they
   *     counted from the start of the file
   */
  PredictionPhase(
      MediumPrediction prediction,
      FileSystem fs,
      ExpectedFiles files,
      LongPredicate isRelocated,
      Problems problems,
      boolean countedFromFile) {
    this.prediction = prediction;
    this.problems = problems;
    this.countedFromFile = countedFromFile;
    extents = fs.extentIds().size();
    filesHaveBytes = files.bytes() > 0;
    Set<Long> seen = new HashSet<>();
    for (Expected file : files.all()) {
      for (ExtentView run : fs.extents(file.path())) {
        sameFromFileAndExtent &= run.fileBlock() == run.offsetBlocks();
        boolean all = file.isCopy() || isRelocated.test(run.extentId());
        if (all || seen.add(run.extentId())) {
          int count = all ? run.blocks() : 1;
          bytes += (long) count * BLOCK_BYTES;
          checks.add(() -> prediction.check(file, run, count));
        }
      }
    }
  }

  /** Extents that there are. */
  int extents() {
    return extents;
  }

  /** Of all blocks that were chosen. */
  long bytes() {
    return bytes;
  }

  void run() {
    checks.parallelStream().forEach(Runnable::run);
    if (countedFromFile && sameFromFileAndExtent) {
      problems.add("no file has an extent whose data unit numbers could be wrong");
    }
    if (prediction.mismatches() > 0) {
      problems.addFirst(
          prediction.mismatches()
              + " of "
              + prediction.blocks()
              + " predicted blocks are not what the medium holds; one of them: "
              + prediction.someMismatch());
    }
    if (prediction.blocks() < Math.max(extents, filesHaveBytes ? 1 : 0)) {
      problems.add(
          prediction.blocks() + " blocks of the medium were predicted, of " + extents + " extents");
    }
  }

  LifeReport.MediumBlocks report() {
    return new LifeReport.MediumBlocks(prediction.blocks(), prediction.mismatches());
  }
}
