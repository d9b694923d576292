package bench.life;

import blockdev.fs.FileSystem;
import blockdev.fs.OpenFile;
import blockdev.sim.SimThread;
import blockdev.sim.SimTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Moves a share of the extents while another thread reads every file back. */
final class RelocationPhase {
  private final ReadPhase reading;
  private final SplittableRandom random;
  private final Set<Long> relocated = new HashSet<>();
  private boolean relocating;
  private int relocationsBegun;
  private long readsDuringRelocation;
  private int withoutRoom;
  private int withoutKey;
  private long reencryptedBytes;

  RelocationPhase(ReadPhase reading, SplittableRandom random) {
    this.reading = reading;
    this.random = random;
  }

  void run(SimTime time, FileSystem fs, MemorySegment buffer) {
    List<Long> chosen = Share.of(fs.extentIds(), random);
    SimThread mover = time.start("relocation", () -> relocate(fs, chosen));
    SimThread reader = time.start("reader", () -> readAll(fs, buffer));
    mover.join();
    reader.join();
    withoutKey = fs.relocationsWithoutKey();
    reencryptedBytes = fs.reencryptedBytes();
    withoutRoom = chosen.size() - relocated.size() - withoutKey;
  }

  private void relocate(FileSystem fs, List<Long> extents) {
    for (long id : extents) {
      if (relocate(fs, id)) {
        relocated.add(id);
      }
    }
  }

  /** On a full device, blocks that earlier moves freed can be used after a commit. */
  private boolean relocate(FileSystem fs, long id) {
    if (tryToRelocate(fs, id)) {
      return true;
    }
    fs.sync();
    return tryToRelocate(fs, id);
  }

  private boolean tryToRelocate(FileSystem fs, long id) {
    relocationsBegun++;
    relocating = true;
    boolean moved = fs.relocate(id);
    relocating = false;
    return moved;
  }

  private void readAll(FileSystem fs, MemorySegment buffer) {
    try {
      reading.run(fs, buffer, "during relocation", this::readAndCount);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readAndCount(OpenFile file, long offset, MemorySegment target) {
    boolean overlaps = relocating;
    int begunBefore = relocationsBegun;
    file.read(offset, target);
    if (overlaps || relocationsBegun > begunBefore) {
      readsDuringRelocation++;
    }
  }

  boolean hasRelocated(long extentId) {
    return relocated.contains(extentId);
  }

  /**
   * @param total extents that there are
   * @param contextBytes that each stores for its key
   */
  LifeReport.Extents report(int total, int contextBytes) {
    return new LifeReport.Extents(
        total,
        relocated.size(),
        withoutRoom,
        withoutKey,
        reencryptedBytes,
        readsDuringRelocation,
        contextBytes);
  }
}
