package blockdev.fs;

import blockdev.bio.Bio;
import blockdev.bio.BioStatus;
import blockdev.trace.FileBlock;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;

/** A tracer that looks at nothing, for tests that look at one thing. */
class QuietTracer implements Tracer {
  @Override
  public void blockMapped(FileBlock block) {}

  @Override
  public void bioSubmitted(Bio bio) {}

  @Override
  public void bioSplit(Bio front, Bio rest) {}

  @Override
  public void bioMerged(int tag, Bio bio, boolean atBack) {}

  @Override
  public void requestStarted(int tag, Bio bio) {}

  @Override
  public void keyslotGranted(int tag, int slot, boolean waited) {}

  @Override
  public void keyslotProgrammed(int slot, CryptoKey key, Errno result, long latencyNs) {}

  @Override
  public void commandIssued(int queueId, MemorySegment entry) {}

  @Override
  public void mediumTouched(boolean write, MemorySegment bytes, long offsetBytes) {}

  @Override
  public void commandCompleted(int queueId, MemorySegment entry) {}

  @Override
  public void bioEnded(Bio bio, BioStatus status) {}
}
