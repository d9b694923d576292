package blockdev.trace;

import blockdev.bio.Bio;
import blockdev.bio.BioStatus;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;

/**
 * Told of every step of the data path. A tracer must only look: it must not submit, wait, or keep
 * what it is handed. Slots are −1 where a request has none. Times come from the simulation.
 */
public interface Tracer {
  /** Traces nothing. Trace points compare with it, so that an untraced path pays nothing. */
  Tracer OFF =
      new Tracer() {
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
      };

  /** The filesystem found out where a block of a file lies and what encrypts it. */
  void blockMapped(FileBlock block);

  void bioSubmitted(Bio bio);

  /** {@code front} goes first; {@code rest} is checked again. */
  void bioSplit(Bio front, Bio rest);

  /** {@code bio} became part of request {@code tag}, at its back or at its front. */
  void bioMerged(int tag, Bio bio, boolean atBack);

  void requestStarted(int tag, Bio bio);

  /** {@code waited}: not at once, but after programming or after a wait for a slot. */
  void keyslotGranted(int tag, int slot, boolean waited);

  void keyslotProgrammed(int slot, CryptoKey key, Errno result, long latencyNs);

  /** {@code entry} is the 64-byte submission queue entry as it stands in the ring. */
  void commandIssued(int queueId, MemorySegment entry);

  /** The command's first bytes on the medium, after writing or before decrypting. */
  void mediumTouched(boolean write, MemorySegment bytes, long offsetBytes);

  /** {@code entry} is the 16-byte completion queue entry as it stands in the ring. */
  void commandCompleted(int queueId, MemorySegment entry);

  void bioEnded(Bio bio, BioStatus status);
}
