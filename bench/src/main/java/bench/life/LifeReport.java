package bench.life;

import blockdev.fs.ContentsCrypto;
import blockdev.queue.QueueCounters;
import blockdev.queue.crypto.FallbackCounters;
import inlinecrypt.keyslot.KeyslotCounters;
import java.util.List;

/**
 * What happened in one run of the main job.
 *
 * @param fileComparisons times that a whole file, or copy, was read back and its SHA-256 compared
 * @param keyslots of the device
 * @param problems what did not verify, one line each; empty if everything did
 */
public record LifeReport(
    LifeOptions options,
    ContentsCrypto contentsCrypto,
    Input input,
    long fileComparisons,
    List<String> problems,
    List<Phase> phases,
    Copies copies,
    Extents extents,
    MediumBlocks medium,
    KeyRemoval keyRemoval,
    QueueCounters queue,
    KeyslotCounters keyslots,
    Fallback fallback,
    long keyDerivations,
    long virtualNs,
    long wallNs,
    long eventLogHash) {

  /**
   * What was found in the input directory.
   *
   * @param skipped symbolic links and special files
   */
  public record Input(int files, int directories, int skipped, long bytes) {}

  /**
   * @param reflinksRefused files that were copied byte by byte, for they could not be shared
   * @param overwrites in all copies
   */
  public record Copies(int files, int reflinksRefused, int overwrites) {}

  /**
   * @param total at the end
   * @param withoutRoom that should have been relocated, but had nowhere to go
   * @param withoutKey that should have been relocated, but whose key was gone
   * @param reencryptedBytes that relocating decrypted and encrypted again, on a device where
   *     ciphertext belongs to its place
   * @param readsDuringRelocation reads of files, of at most 1 MiB each, that overlapped one
   * @param contextBytes what each stores on disk for its key
   */
  public record Extents(
      int total,
      int relocated,
      int withoutRoom,
      int withoutKey,
      long reencryptedBytes,
      long readsDuringRelocation,
      int contextBytes) {}

  /** Blocks of the medium whose ciphertext was predicted, and those that had another. */
  public record MediumBlocks(long predicted, long mismatches) {}

  /**
   * What could be done after the master key was removed: how many files were read of those tried.
   */
  public record KeyRemoval(int readAttempts, int readable) {}

  /** What the software fallback did. */
  public record Fallback(FallbackCounters bios, KeyslotCounters keyslots) {
    /** Whether it encrypted or decrypted anything. */
    public boolean wasUsed() {
      return bios.writes() + bios.reads() > 0;
    }
  }

  /** Whether everything did verify. */
  public boolean verified() {
    return problems.isEmpty();
  }
}
