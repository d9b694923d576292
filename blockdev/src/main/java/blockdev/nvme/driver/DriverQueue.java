package blockdev.nvme.driver;

import blockdev.bio.Bio;
import blockdev.bio.QueueLimits;
import blockdev.bio.SegmentCursor;
import blockdev.memory.HostMemory;
import blockdev.nvme.CompletionEntry;
import blockdev.nvme.DatasetRange;
import blockdev.nvme.KeyBlock;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import blockdev.nvme.controller.NvmeController;
import blockdev.queue.Request;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoContext;
import inlinecrypt.CryptoKey;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The host's side of an I/O queue pair: writes submission entries and PRP lists, takes completion
 * entries. A command's id is its request's tag, and there is a PRP list page for each tag. Where
 * keys come with commands there is a {@link KeyBlock} too, wiped before the request ends.
 */
final class DriverQueue {
  private final NvmeController controller;
  private final MemorySegment memory;
  private final Tracer tracer;
  private final int id;
  private final int namespace;
  private final KeyPlace keyPlace;
  private final int blockShift;
  private final Rings rings;
  private final long[] prpLists; // by tag
  private final @Nullable Request[] requests; // by tag
  private final @Nullable KeyBlocks keyBlocks; // null if keys are in slots
  private final @Nullable DevicePower power; // null for a device that is never suspended
  private final Runnable[] issueWhenResumed; // by tag, if there is power to resume
  private final BlockMetadata metadata;
  private final long[] metadataBuffers; // by tag; empty if no metadata moves
  private final SegmentCursor cursor = new SegmentCursor();
  private long prp1;
  private long prp2;

  DriverQueue(
      NvmeController controller,
      HostMemory memory,
      Rings rings,
      int id,
      int namespace,
      int blockBytes,
      BlockMetadata metadata,
      int maxBlocks,
      int tags,
      KeyPlace keyPlace,
      @Nullable DevicePower power,
      Tracer tracer) {
    this.controller = controller;
    this.memory = memory.segment();
    this.rings = rings;
    this.id = id;
    this.namespace = namespace;
    this.keyPlace = keyPlace;
    this.tracer = tracer;
    blockShift = Integer.numberOfTrailingZeros(blockBytes);
    requests = new Request[tags];
    prpLists = new long[tags];
    for (int tag = 0; tag < tags; tag++) {
      prpLists[tag] = Rings.allocate(memory, HostMemory.PAGE_BYTES);
    }
    this.power = power;
    issueWhenResumed = new Runnable[power == null ? 0 : tags];
    for (int tag = 0; tag < issueWhenResumed.length; tag++) {
      int itsTag = tag;
      issueWhenResumed[tag] = () -> issue(itsTag);
    }
    this.metadata = metadata;
    metadataBuffers = new long[metadata.moves() ? tags : 0];
    for (int tag = 0; tag < metadataBuffers.length; tag++) {
      metadataBuffers[tag] = Rings.allocate(memory, maxBlocks * metadata.bytes());
    }
    keyBlocks = keyPlace == KeyPlace.COMMAND ? new KeyBlocks(memory, tags) : null;
  }

  void issue(Request request) {
    int tag = request.tag();
    requests[tag] = request;
    if (power == null) {
      issue(tag);
    } else {
      power.resume(issueWhenResumed[tag]);
    }
  }

  private void issue(int tag) {
    Request request = Objects.requireNonNull(requests[tag]);
    long at = rings.submissionEntry();
    switch (request.op()) {
      case READ -> putTransfer(at, SubmissionEntry.READ, request);
      case WRITE -> putTransfer(at, SubmissionEntry.WRITE, request);
      case FLUSH -> SubmissionEntry.put(memory, at, SubmissionEntry.FLUSH, tag, namespace, 0, 0);
      case DISCARD -> putDiscard(at, request);
      case WRITE_ZEROES -> putZeroes(at, request);
      case SECURE_ERASE ->
          throw new IllegalArgumentException("the queue does not let through: " + request.op());
    }
    CryptoContext crypt = request.crypt();
    CryptoKey key = crypt.key();
    if (key != null) {
      putKey(at, request, crypt, key);
    }
    if (tracer != Tracer.OFF) {
      tracer.commandIssued(id, memory.asSlice(at, SubmissionEntry.BYTES));
    }
    controller.ringSubmissionDoorbell(id, rings.advanceSubmission());
  }

  private void putKey(long at, Request request, CryptoContext crypt, CryptoKey key) {
    int slot = request.slot();
    if (keyBlocks != null) {
      slot = SubmissionEntry.CEV_KEY_BLOCK;
      SubmissionEntry.putKeyBlock(memory, at, keyBlocks.put(request.tag(), key));
    }
    assert slot != Request.NO_SLOT : "no slot for " + crypt;
    if (keyPlace == KeyPlace.TAG) {
      SubmissionEntry.putKeyTag(memory, at, slot);
    } else {
      SubmissionEntry.putCrypto(memory, at, slot, crypt.dun0(), crypt.dun1());
    }
  }

  private void putTransfer(long at, int opcode, Request request) {
    int tag = request.tag();
    listPages(request);
    SubmissionEntry.put(memory, at, opcode, tag, namespace, prp1, prp2);
    putRange(at, request);
    if (metadata.bytes() > 0) {
      putProtection(at, metadata.protection(), request);
      if (metadata.moves()) {
        SubmissionEntry.putMetadataPointer(memory, at, metadataBuffers[tag]);
      }
    }
  }

  private void putRange(long at, Request request) {
    SubmissionEntry.putRange(
        memory, at, lba(request), request.sizeBytes() >>> blockShift, request.isForceUnitAccess());
  }

  private long lba(Request request) {
    return request.sector() << QueueLimits.SECTOR_SHIFT >>> blockShift;
  }

  private void putProtection(long at, int protection, Request request) {
    SubmissionEntry.putProtection(memory, at, protection, (int) lba(request));
  }

  /** Dataset Management of one range, which lies where the list of pages would. */
  private void putDiscard(long at, Request request) {
    int tag = request.tag();
    long range = prpLists[tag];
    DatasetRange.put(memory, range, lba(request), request.sizeBytes() >>> blockShift);
    SubmissionEntry.put(memory, at, SubmissionEntry.DATASET_MANAGEMENT, tag, namespace, range, 0);
    SubmissionEntry.putCdw11(memory, at, SubmissionEntry.DEALLOCATE);
  }

  /** Write Zeroes that may deallocate ({@code nvme_setup_write_zeroes}). */
  private void putZeroes(long at, Request request) {
    SubmissionEntry.put(memory, at, SubmissionEntry.WRITE_ZEROES, request.tag(), namespace, 0, 0);
    putRange(at, request);
    SubmissionEntry.addCdw12(memory, at, SubmissionEntry.DEALLOCATE_ZEROES);
    if (metadata.protectionType() != 0) {
      putProtection(at, SubmissionEntry.PROTECTION_ACTION, request);
    }
  }

  /** Sets PRP1 and PRP2, through a list where there are more than two pages. */
  private void listPages(Request request) {
    long list = prpLists[request.tag()];
    int pages = 0;
    for (Bio bio = request.first(); bio != null; bio = bio.next()) {
      cursor.start(bio);
      while (cursor.next()) {
        long page = cursor.hostOffset();
        long end = cursor.endOffset();
        while (page < end) {
          if (pages == 0) {
            prp1 = page;
          } else {
            memory.set(SubmissionEntry.LONG, list + (long) (pages - 1) * Long.BYTES, page);
          }
          pages++;
          page = (page & -HostMemory.PAGE_BYTES) + HostMemory.PAGE_BYTES;
        }
      }
    }
    prp2 = pages > 2 ? list : pages == 2 ? memory.get(SubmissionEntry.LONG, list) : 0;
  }

  /** Takes all completions that are there; the interrupt handler. */
  void takeCompletions() {
    long at;
    while ((at = rings.nextCompletion()) >= 0) {
      int tag = CompletionEntry.commandId(memory, at);
      int status = CompletionEntry.status(memory, at);
      if (tracer != Tracer.OFF) {
        tracer.commandCompleted(id, memory.asSlice(at, CompletionEntry.BYTES));
      }
      Request request = requests[tag];
      assert request != null : "completion for a command that is not under way: " + tag;
      requests[tag] = null;
      if (power != null) {
        power.release();
      }
      if (keyBlocks != null) {
        keyBlocks.wipe(tag);
      }
      request.end(NvmeStatus.toBioStatus(status));
    }
    controller.ringCompletionDoorbell(id, rings.completionHead());
  }
}
