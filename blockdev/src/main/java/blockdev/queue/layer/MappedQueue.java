package blockdev.queue.layer;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockDevice;
import blockdev.queue.IoThread;
import blockdev.queue.SubmissionCheck;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoKey;
import java.util.ArrayDeque;
import java.util.List;

/**
 * One thread's way into a mapped device. A bio becomes clones, one for each run of sectors on one
 * device, and ends after them with the first error ({@code dm_submit_bio}). Nothing allocates once
 * as many clones have been under way as ever will be.
 */
final class MappedQueue implements BioSubmitter {
  private final MappedDevice device;
  private final IoThread thread;
  private final ArrayDeque<Bio> freeClones = new ArrayDeque<>();
  private Ways ways;

  /** A table, with this thread's submitter of each device of each target. */
  private record Ways(MappedDevice.Live live, BioSubmitter[][] submitters) {
    static Ways of(MappedDevice.Live live, IoThread thread) {
      List<Target> targets = live.table().targets();
      BioSubmitter[][] submitters = new BioSubmitter[targets.size()][];
      for (int i = 0; i < submitters.length; i++) {
        Target target = targets.get(i);
        submitters[i] =
            target.devices().stream()
                .map(below -> submitter(target, below, thread))
                .toArray(BioSubmitter[]::new);
      }
      return new Ways(live, submitters);
    }

    /** Clones whose contexts were passed through need no fallback: it was above, if at all. */
    private static BioSubmitter submitter(Target target, BlockDevice below, IoThread thread) {
      return target instanceof InlineCryptTarget encrypting
          ? encrypting.crypto().submitter(below, thread)
          : below.submitter(thread);
    }
  }

  MappedQueue(MappedDevice device, IoThread thread) {
    this.device = device;
    this.thread = thread;
    ways = Ways.of(device.live(), thread);
  }

  @Override
  public IoThread thread() {
    return thread;
  }

  @Override
  public void submit(Bio bio) {
    events().checkRunning();
    CryptoKey key = bio.crypt().key();
    if (key != null) {
      key.checkOpen();
    }
    MappedDevice.Live live = device.live();
    if (ways.live != live) {
      ways = Ways.of(live, thread);
    }
    Tracer tracer = live.table().tracer();
    tracer.bioSubmitted(bio);
    BioStatus refusal =
        SubmissionCheck.refusal(bio, live.table().limits(), live.table().sectors(), live.profile());
    if (refusal != BioStatus.OK) {
      tracer.bioEnded(bio, refusal);
      bio.endPart(refusal);
    } else if (bio.op() == BioOp.FLUSH) {
      flush(bio, live.table());
    } else {
      map(bio, ways);
    }
  }

  private void flush(Bio bio, MappingTable table) {
    for (int i = 0; i < table.devices().size(); i++) {
      Bio clone = clone(bio);
      table.devices().get(i).submitter(thread).submit(clone);
    }
    bio.endPart(BioStatus.OK);
  }

  private void map(Bio bio, Ways ways) {
    MappingTable table = ways.live.table();
    boolean isLast = false;
    while (!isLast) {
      int index = table.targetIndex(bio.sector());
      Target target = table.targets().get(index);
      long sector = bio.sector() - table.startSector(index);
      long runBytes = target.runSectors(sector) << QueueLimits.SECTOR_SHIFT;
      isLast = bio.sizeBytes() <= runBytes;
      Bio clone;
      if (isLast) {
        clone = clone(bio);
      } else {
        clone = freeClone();
        bio.splitInto(clone, (int) runBytes);
        table.tracer().bioSplit(clone, bio);
      }
      clone.setSector(target.deviceSector(sector));
      BioStatus status =
          target instanceof InlineCryptTarget encrypting
              ? encrypting.setContext(clone, sector)
              : BioStatus.OK;
      if (status == BioStatus.OK) {
        ways.submitters[index][target.deviceIndex(sector)].submit(clone);
      } else {
        table.tracer().bioEnded(clone, status);
        clone.endPart(status);
      }
    }
    bio.endPart(BioStatus.OK); // its own part, which is nothing but the clones
  }

  private Bio clone(Bio bio) {
    Bio clone = freeClone();
    bio.cloneInto(clone);
    bio.chain(clone);
    return clone;
  }

  private Bio freeClone() {
    return freeClones.isEmpty() ? new Bio(0, freeClones::push) : freeClones.pop();
  }
}
