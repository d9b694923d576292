package blockdev.nvme.controller;

import blockdev.fault.ArmedFaults;
import blockdev.fault.Fault;
import blockdev.fault.FaultKind;
import blockdev.fault.FaultKind.Occasion;
import blockdev.nvme.NvmeStatus;
import blockdev.sim.EventQueue;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes the faults of a plan happen to commands and to the medium. What is acknowledged and wrong
 * is made wrong afterwards, on the medium, so that everything before it is as it always is.
 */
final class DeviceFaults {
  private final ArmedFaults armed;

  DeviceFaults(ArmedFaults armed) {
    this.armed = armed;
  }

  /** Whether a command that is fetched hangs; its queue may stick instead. */
  boolean hangs(IoSubmissionQueue queue, IoCommand command) {
    Fault fault =
        armed.atCommand(Occasion.FETCH, command.namespaceId(), command.lba(), command.blocks());
    if (fault == null) {
      return false;
    }
    if (fault.kind() == FaultKind.STUCK_QUEUE) {
      queue.stick();
      return false;
    }
    return true;
  }

  /** Executes {@code command} as far as a fault lets it, and returns its status. */
  int execute(IoCommand command, Namespace namespace) {
    long lba = command.lba();
    int blocks = command.blocks();
    Occasion occasion = command.occasion();
    Fault fault = occasion == null ? null : armed.atCommand(occasion, namespace.id(), lba, blocks);
    if (fault == null) {
      return command.perform();
    }
    return switch (fault.kind()) {
      case READ_ERROR ->
          command.failAt(armed.affectedLba(fault, lba, blocks), NvmeStatus.UNRECOVERED_READ_ERROR);
      case WRITE_ERROR -> writePart(command, namespace, armed.affectedLba(fault, lba, blocks));
      case FLUSH_ERROR -> NvmeStatus.WRITE_FAULT;
      case BIT_ROT -> {
        flipBit(namespace, armed.affectedLba(fault, lba, blocks));
        yield command.perform();
      }
      case LOST_WRITE -> writeElsewhere(command, namespace, lba);
      case MISDIRECTED_WRITE ->
          writeElsewhere(command, namespace, otherThan(lba, namespace.blocks() - blocks + 1));
      case HANG, STUCK_QUEUE, PROGRAM_ERROR, WRONG_KEY ->
          throw new AssertionError("not at the execution of a command: " + fault);
    };
  }

  /** A number below {@code bound} that is not {@code lba}, which is below it, if there is one. */
  private long otherThan(long lba, long bound) {
    if (bound == 1) {
      return lba;
    }
    long drawn = armed.below(bound - 1);
    return drawn < lba ? drawn : drawn + 1;
  }

  /** The blocks before {@code badLba} are written, the others are as they were. */
  private static int writePart(IoCommand command, Namespace namespace, long badLba) {
    BlockImage old = BlockImage.of(namespace, command.lba(), command.blocks());
    int status = command.perform();
    if (status != NvmeStatus.SUCCESS) {
      return status;
    }
    old.restoreFrom(badLba);
    return command.failAt(badLba, NvmeStatus.WRITE_FAULT);
  }

  /** What is written goes to {@code target}; nowhere, if that is where it should have gone. */
  private static int writeElsewhere(IoCommand command, Namespace namespace, long target) {
    BlockImage old = BlockImage.of(namespace, command.lba(), command.blocks());
    int status = command.perform();
    if (status == NvmeStatus.SUCCESS) {
      BlockImage written = BlockImage.of(namespace, command.lba(), command.blocks());
      old.restoreFrom(command.lba());
      if (target != command.lba()) {
        written.writeTo(target);
      }
    }
    return status;
  }

  /**
   * Lets bits rot at the times that the plan says, in a namespace that it names, else the first.
   */
  void start(EventQueue events, IntFunction<@Nullable Namespace> namespaces) {
    for (Fault fault : armed.timed()) {
      Namespace namespace = namespaces.apply(Math.max(fault.nsid(), 1));
      if (namespace == null || fault.firstLba() >= namespace.blocks()) {
        throw new IllegalArgumentException("there are no such blocks: " + fault);
      }
      events.schedule(
          () -> {
            flipBit(namespace, armed.affectedLba(fault, 0, namespace.blocks()));
            armed.timeCame(fault);
          },
          fault.atNs());
    }
  }

  private void flipBit(Namespace namespace, long lba) {
    MemorySegment bytes = namespace.medium().segment();
    long at = namespace.mediumOffset(lba) + armed.below(namespace.format().blockBytes());
    int bit = 1 << (int) armed.below(Byte.SIZE);
    bytes.set(ValueLayout.JAVA_BYTE, at, (byte) (bytes.get(ValueLayout.JAVA_BYTE, at) ^ bit));
  }
}
