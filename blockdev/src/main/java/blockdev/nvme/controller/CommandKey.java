package blockdev.nvme.controller;

import blockdev.memory.HostMemory;
import blockdev.nvme.KeyBlock;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import inlinecrypt.CryptoMode;
import inlinecrypt.DataUnitNumber;
import inlinecrypt.engine.DataUnitCipher;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What a command says about encryption: the key, in a slot or in a {@link KeyBlock}, and the number
 * of its first data unit. A data unit has to lie within one run of {@link DataPages}.
 */
final class CommandKey {
  private static final int NO_SLOT = -1;

  private final MemorySegment memory;
  private final InlineCryptoUnit unit;

  private boolean present;
  private int slot;
  private long dun0;
  private long dun1;
  private int dataUnitSizeBytes;
  private @Nullable DataUnitCipher cipher; // null for plain data, and before a key block is read
  private @Nullable CryptoMode keyBlockMode; // null if the key is in a slot, or there is none
  private long keyBlock;

  CommandKey(MemorySegment memory, InlineCryptoUnit unit) {
    this.memory = memory;
    this.unit = unit;
  }

  void clear() {
    present = false;
    slot = NO_SLOT;
    dun0 = 0;
    dun1 = 0;
    cipher = null;
    keyBlockMode = null;
  }

  /** Whether the command names a key. */
  boolean isPresent() {
    return present;
  }

  /** The slot, or −1. */
  int slot() {
    return slot;
  }

  /** Limb 0 of the next data unit's number. */
  long dun0() {
    return dun0;
  }

  /** Limb 1 of the next data unit's number. */
  long dun1() {
    return dun1;
  }

  /** Takes what the command at {@code at} says. */
  int check(long at) {
    int extension = SubmissionEntry.commandExtensionType(memory, at);
    if (extension == 0) {
      return NvmeStatus.SUCCESS;
    }
    present = true;
    slot = SubmissionEntry.slot(memory, at);
    dun0 = SubmissionEntry.dun0(memory, at);
    dun1 = SubmissionEntry.dun1(memory, at);
    if (extension != SubmissionEntry.CETYPE_INLINE_CRYPTO) {
      return NvmeStatus.INVALID_FIELD;
    }
    return unit.takesKeysWithCommands() ? checkKeyBlock(at) : checkSlot();
  }

  private int checkSlot() {
    if (slot >= unit.slotCount()) {
      return NvmeStatus.INVALID_FIELD;
    }
    if (!unit.isProgrammed(slot)) {
      return NvmeStatus.INVALID_KEY_TAG;
    }
    cipher = unit.cipher(slot);
    dataUnitSizeBytes = unit.dataUnitSizeBytes(slot);
    return NvmeStatus.SUCCESS;
  }

  private int checkKeyBlock(long at) {
    if (slot != SubmissionEntry.CEV_KEY_BLOCK) {
      return NvmeStatus.INVALID_FIELD;
    }
    slot = NO_SLOT;
    keyBlock = SubmissionEntry.keyBlock(memory, at);
    if (!DataPages.contains(memory, keyBlock, KeyBlock.BYTES)) {
      return NvmeStatus.DATA_TRANSFER_ERROR;
    }
    CryptoMode mode = KeyBlock.mode(memory, keyBlock);
    if (mode == null) {
      return NvmeStatus.INVALID_KEY_TAG;
    }
    dataUnitSizeBytes = KeyBlock.dataUnitSizeBytes(memory, keyBlock);
    if (dataUnitSizeBytes != HostMemory.PAGE_BYTES || unit.profile().dataUnitSizeMask(mode) == 0) {
      return NvmeStatus.INVALID_FIELD;
    }
    keyBlockMode = mode;
    return NvmeStatus.SUCCESS;
  }

  /** Checks the pages of a command at {@code at} that moves {@code bytes} against the data unit. */
  int checkPages(long at, DataPages pages, long bytes) {
    if (!present) {
      return NvmeStatus.SUCCESS;
    }
    if (keyBlockMode != null) { // each PRP entry is to be one data unit
      return ((SubmissionEntry.prp1(memory, at) | bytes) & (HostMemory.PAGE_BYTES - 1)) == 0
          ? NvmeStatus.SUCCESS
          : NvmeStatus.DATA_TRANSFER_ERROR;
    }
    for (int run = 0; run < pages.runs(); run++) {
      if ((pages.length(run) & (dataUnitSizeBytes - 1)) != 0) {
        return NvmeStatus.INVALID_FIELD;
      }
    }
    return NvmeStatus.SUCCESS;
  }

  /** Makes the cipher of a key block; {@link #release} frees it. */
  void prepare() {
    CryptoMode mode = keyBlockMode;
    if (mode != null) {
      cipher = unit.prepare(mode, KeyBlock.key(memory, keyBlock, mode));
    }
  }

  void release() {
    DataUnitCipher used = cipher;
    cipher = null;
    if (keyBlockMode != null && used != null) {
      used.close();
    }
  }

  /** Writes {@code length} bytes of host memory to {@code target}, encrypted if there is a key. */
  void toMedium(long hostOffset, MemorySegment target, long targetOffset, int length) {
    if (cipher == null) {
      MemorySegment.copy(memory, hostOffset, target, targetOffset, length);
    } else {
      cipher.encrypt(
          dun0, dun1, 0, 0, dataUnitSizeBytes, memory, hostOffset, target, targetOffset, length);
      advance(length);
    }
  }

  /** Reads {@code length} bytes of {@code source} to host memory, decrypted if there is a key. */
  void toHost(MemorySegment source, long sourceOffset, long hostOffset, int length) {
    if (cipher == null) {
      MemorySegment.copy(source, sourceOffset, memory, hostOffset, length);
    } else {
      cipher.decrypt(
          dun0, dun1, 0, 0, dataUnitSizeBytes, source, sourceOffset, memory, hostOffset, length);
      advance(length);
    }
  }

  private void advance(int bytes) {
    long units = bytes / dataUnitSizeBytes;
    dun0 += units;
    dun1 += DataUnitNumber.carryOut(dun0, units);
  }
}
