package blockdev.nvme;

import blockdev.memory.HostMemory;
import inlinecrypt.CryptoMode;
import inlinecrypt.DataUnitNumber;
import inlinecrypt.engine.DataUnitCipher;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One I/O command under way in the device, from fetch to completion. As an event it is its own
 * execution: the instant at which bytes move.
 *
 * <p>PRP entries that continue each other are joined into runs when the command is fetched. A data
 * unit has to lie within one run.
 */
final class ControllerCommand implements Runnable {
  private final NvmeController controller;
  private final ControllerQueue queue;
  private final MemorySegment memory;

  private int opcode;
  private int commandId;
  private int status;
  private long lba;
  private int blocks;
  private int slot;
  private long dun0;
  private long dun1;
  private @Nullable DataUnitCipher cipher; // null for plain data, and before a key block is read
  private @Nullable CryptoMode keyBlockMode; // null if the key is in a slot, or there is none
  private long keyBlock;
  private int dataUnitSizeBytes;

  private final long[] runOffsets;
  private final int[] runLengths;
  private int runs;

  ControllerCommand(NvmeController controller, ControllerQueue queue) {
    this.controller = controller;
    this.queue = queue;
    memory = controller.memory.segment();
    int mostRuns = controller.maxTransferBytes() / HostMemory.PAGE_BYTES + 1;
    runOffsets = new long[mostRuns];
    runLengths = new int[mostRuns];
  }

  int commandId() {
    return commandId;
  }

  /** Takes over the entry at {@code at}; returns in how many nanoseconds it is to be executed. */
  long fetch(long at) {
    opcode = SubmissionEntry.opcode(memory, at);
    commandId = SubmissionEntry.commandId(memory, at);
    lba = 0;
    blocks = 0;
    slot = -1;
    dun0 = 0;
    dun1 = 0;
    cipher = null;
    keyBlockMode = null;
    runs = 0;
    status = check(at);
    if (status != NvmeStatus.SUCCESS) {
      return 0;
    }
    return controller.serviceNs(lba << controller.blockShift, blocks << controller.blockShift);
  }

  /**
   * Decodes the entry and checks opcode, flags, namespace, crypto extension, range, pages and data
   * units. The first error found, in this order, is the status.
   */
  private int check(long at) {
    if (opcode > SubmissionEntry.READ) {
      return NvmeStatus.INVALID_OPCODE;
    }
    if (SubmissionEntry.flags(memory, at) != 0) {
      return NvmeStatus.INVALID_FIELD;
    }
    if (SubmissionEntry.namespace(memory, at) != NvmeController.NAMESPACE) {
      return NvmeStatus.INVALID_NAMESPACE;
    }
    if (opcode == SubmissionEntry.FLUSH) {
      return NvmeStatus.SUCCESS;
    }
    int cryptoStatus = checkCrypto(at);
    if (cryptoStatus != NvmeStatus.SUCCESS) {
      return cryptoStatus;
    }
    lba = SubmissionEntry.lba(memory, at);
    blocks = SubmissionEntry.blocks(memory, at);
    if (lba < 0 || lba > controller.blocks - blocks) {
      return NvmeStatus.LBA_OUT_OF_RANGE;
    }
    long bytes = (long) blocks << controller.blockShift;
    if (bytes > controller.maxTransferBytes()) {
      return NvmeStatus.INVALID_FIELD;
    }
    int prpStatus = gather(at, (int) bytes);
    if (prpStatus != NvmeStatus.SUCCESS) {
      return prpStatus;
    }
    if (keyBlockMode != null) {
      return checkSegments(at, bytes);
    }
    return cipher == null ? NvmeStatus.SUCCESS : checkDataUnits();
  }

  private int checkCrypto(long at) {
    int extension = SubmissionEntry.commandExtensionType(memory, at);
    if (extension == 0) {
      return NvmeStatus.SUCCESS;
    }
    slot = SubmissionEntry.slot(memory, at);
    dun0 = SubmissionEntry.dun0(memory, at);
    dun1 = SubmissionEntry.dun1(memory, at);
    if (controller.crypto.takesKeysWithCommands()) {
      return checkKeyBlock(at, extension);
    }
    if (extension != SubmissionEntry.CETYPE_INLINE_CRYPTO
        || slot >= controller.crypto.slotCount()) {
      return NvmeStatus.INVALID_FIELD;
    }
    cipher = controller.crypto.cipher(slot);
    if (cipher == null) {
      return NvmeStatus.INVALID_KEY_TAG;
    }
    dataUnitSizeBytes = controller.crypto.dataUnitSizeBytes(slot);
    return NvmeStatus.SUCCESS;
  }

  private int checkKeyBlock(long at, int extension) {
    if (extension != SubmissionEntry.CETYPE_INLINE_CRYPTO
        || slot != SubmissionEntry.CEV_KEY_BLOCK) {
      return NvmeStatus.INVALID_FIELD;
    }
    slot = -1;
    keyBlock = SubmissionEntry.keyBlock(memory, at);
    if (!isInMemory(keyBlock, KeyBlock.BYTES)) {
      return NvmeStatus.DATA_TRANSFER_ERROR;
    }
    CryptoMode mode = KeyBlock.mode(memory, keyBlock);
    if (mode == null) {
      return NvmeStatus.INVALID_KEY_TAG;
    }
    dataUnitSizeBytes = KeyBlock.dataUnitSizeBytes(memory, keyBlock);
    if (dataUnitSizeBytes != HostMemory.PAGE_BYTES
        || controller.crypto.profile().dataUnitSizeMask(mode) == 0) {
      return NvmeStatus.INVALID_FIELD;
    }
    keyBlockMode = mode;
    return NvmeStatus.SUCCESS;
  }

  /** Where the key comes with the command, each PRP entry is to be one data unit. */
  private int checkSegments(long at, long bytes) {
    return ((SubmissionEntry.prp1(memory, at) | bytes) & (HostMemory.PAGE_BYTES - 1)) == 0
        ? NvmeStatus.SUCCESS
        : NvmeStatus.DATA_TRANSFER_ERROR;
  }

  private int checkDataUnits() {
    for (int run = 0; run < runs; run++) {
      if ((runLengths[run] & (dataUnitSizeBytes - 1)) != 0) {
        return NvmeStatus.INVALID_FIELD;
      }
    }
    return NvmeStatus.SUCCESS;
  }

  /** Follows the PRP entries of a transfer of {@code bytes} and joins what is adjacent. */
  private int gather(long at, int bytes) {
    long prp1 = SubmissionEntry.prp1(memory, at);
    long prp2 = SubmissionEntry.prp2(memory, at);
    if ((prp1 & 3) != 0) {
      return NvmeStatus.PRP_OFFSET_INVALID;
    }
    int inFirstPage = HostMemory.PAGE_BYTES - (int) (prp1 & (HostMemory.PAGE_BYTES - 1));
    int length = Math.min(bytes, inFirstPage);
    int result = addRun(prp1, length);
    int left = bytes - length;
    if (result != NvmeStatus.SUCCESS || left == 0) {
      return result;
    }
    if (left <= HostMemory.PAGE_BYTES) {
      return addPage(prp2, left);
    }
    long list = prp2;
    while (left > 0) {
      if ((list & 7) != 0) {
        return NvmeStatus.PRP_OFFSET_INVALID;
      }
      if (!isInMemory(list, Long.BYTES)) {
        return NvmeStatus.DATA_TRANSFER_ERROR;
      }
      long entry = memory.get(SubmissionEntry.LONG, list);
      boolean lastOfListPage = (list & (HostMemory.PAGE_BYTES - 1)) == HostMemory.PAGE_BYTES - 8;
      if (lastOfListPage && left > HostMemory.PAGE_BYTES) {
        if ((entry & (HostMemory.PAGE_BYTES - 1)) != 0) {
          return NvmeStatus.PRP_OFFSET_INVALID;
        }
        list = entry;
        continue;
      }
      length = Math.min(left, HostMemory.PAGE_BYTES);
      result = addPage(entry, length);
      if (result != NvmeStatus.SUCCESS) {
        return result;
      }
      list += Long.BYTES;
      left -= length;
    }
    return NvmeStatus.SUCCESS;
  }

  private int addPage(long offset, int length) {
    return (offset & (HostMemory.PAGE_BYTES - 1)) == 0
        ? addRun(offset, length)
        : NvmeStatus.PRP_OFFSET_INVALID;
  }

  private int addRun(long offset, int length) {
    if (!isInMemory(offset, length)) {
      return NvmeStatus.DATA_TRANSFER_ERROR;
    }
    int last = runs - 1;
    if (last >= 0 && runOffsets[last] + runLengths[last] == offset) {
      runLengths[last] += length;
    } else {
      runOffsets[runs] = offset;
      runLengths[runs] = length;
      runs++;
    }
    return NvmeStatus.SUCCESS;
  }

  private boolean isInMemory(long offset, int length) {
    return offset >= 0 && offset <= memory.byteSize() - length;
  }

  /** Executes the command and completes it. */
  @Override
  public void run() {
    long startDun0 = dun0;
    long startDun1 = dun1;
    if (status == NvmeStatus.SUCCESS) {
      status = execute();
    }
    queue
        .eventLog()
        .add(
            controller.nowNs(), opcode, commandId, slot, startDun0, startDun1, lba, blocks, status);
    cipher = null;
    queue.completed(this, status);
  }

  /** What medium and cipher throw becomes a status, as a device has nothing else to say it with. */
  private int execute() {
    try {
      CryptoMode mode = keyBlockMode;
      if (mode == null) {
        transfer();
      } else {
        try (DataUnitCipher ofCommand =
            KeyBlock.cipher(controller.crypto, memory, keyBlock, mode)) {
          cipher = ofCommand;
          transfer();
        }
      }
      return NvmeStatus.SUCCESS;
    } catch (UncheckedIOException ofMedium) {
      return NvmeStatus.WRITE_FAULT;
    } catch (IllegalArgumentException
        | IllegalStateException
        | IndexOutOfBoundsException ofCipherOrSegment) {
      return NvmeStatus.INTERNAL_ERROR;
    }
  }

  private void transfer() {
    switch (opcode) {
      case SubmissionEntry.WRITE -> write();
      case SubmissionEntry.READ -> read();
      default -> controller.medium.flush();
    }
  }

  private void write() {
    MemorySegment target = controller.medium.segment();
    long start = lba << controller.blockShift;
    long offset = start;
    for (int run = 0; run < runs; run++) {
      int length = runLengths[run];
      if (cipher == null) {
        MemorySegment.copy(memory, runOffsets[run], target, offset, length);
      } else {
        cipher.encrypt(
            dun0, dun1, 0, 0, dataUnitSizeBytes, memory, runOffsets[run], target, offset, length);
        advanceDun(length);
      }
      offset += length;
    }
    controller.tracer.mediumTouched(true, target, start);
  }

  private void read() {
    MemorySegment source = controller.medium.segment();
    long offset = lba << controller.blockShift;
    controller.tracer.mediumTouched(false, source, offset);
    for (int run = 0; run < runs; run++) {
      int length = runLengths[run];
      if (cipher == null) {
        MemorySegment.copy(source, offset, memory, runOffsets[run], length);
      } else {
        cipher.decrypt(
            dun0, dun1, 0, 0, dataUnitSizeBytes, source, offset, memory, runOffsets[run], length);
        advanceDun(length);
      }
      offset += length;
    }
  }

  private void advanceDun(int bytes) {
    long units = bytes / dataUnitSizeBytes;
    dun0 += units;
    dun1 += DataUnitNumber.carryOut(dun0, units);
  }
}
