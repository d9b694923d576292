package blockdev.nvme.controller;

import blockdev.nvme.Feature;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of the controller's features. Those of the timing and the durability of commands ask
 * here, and are told of changes by {@link #whenChanged}.
 *
 * <p>A controller reset brings back what was saved, else the default. What was saved stays over
 * power cycles.
 */
final class Features {
  private static final int COUNT = 256;
  private static final int COPY_FORMATS = 4; // in Host Behavior Support; all are in the first byte
  private static final int DEFAULT_TEMPERATURE_THRESHOLD = 343; // kelvin, as WCTEMP
  private static final int SAVEABLE_AND_CHANGEABLE = Feature.SAVEABLE | Feature.CHANGEABLE;

  private final int[] capabilities = new int[COUNT]; // by feature; 0 if it is not there
  private final int[] defaults = new int[COUNT];
  private final int[] saved = new int[COUNT];
  private final int[] current = new int[COUNT];
  private final @Nullable Runnable[] listeners = new Runnable[COUNT];
  private final int[] errorRecovery; // by namespace
  private final int[] savedErrorRecovery;
  private final int[] vectors; // by interrupt vector
  private final int[] savedVectors;
  private int underTemperature;
  private int savedUnderTemperature;
  final Timestamp timestamp = new Timestamp();
  final byte[] hostBehavior = new byte[Feature.HOST_BEHAVIOR_BYTES];
  final byte[] hostIdentifier = new byte[Feature.HOST_IDENTIFIER_BYTES];

  /**
   * @param vectorCount interrupt vectors
   * @param queueLimit I/O queues of a kind that the controller can have
   */
  Features(int namespaceCount, int vectorCount, int queueLimit) {
    errorRecovery = new int[namespaceCount + 1];
    savedErrorRecovery = new int[namespaceCount + 1];
    vectors = new int[vectorCount];
    savedVectors = new int[vectorCount];
    add(Feature.ARBITRATION, SAVEABLE_AND_CHANGEABLE, 0); // one command at a time
    add(Feature.POWER_MANAGEMENT, SAVEABLE_AND_CHANGEABLE, 0);
    add(Feature.TEMPERATURE_THRESHOLD, SAVEABLE_AND_CHANGEABLE, DEFAULT_TEMPERATURE_THRESHOLD);
    add(Feature.ERROR_RECOVERY, SAVEABLE_AND_CHANGEABLE | Feature.NAMESPACE_SPECIFIC, 0);
    add(Feature.VOLATILE_WRITE_CACHE, SAVEABLE_AND_CHANGEABLE, 1);
    add(Feature.NUMBER_OF_QUEUES, Feature.CHANGEABLE, (queueLimit - 1) * 0x10001);
    add(Feature.INTERRUPT_COALESCING, SAVEABLE_AND_CHANGEABLE, 0);
    add(Feature.INTERRUPT_VECTOR, SAVEABLE_AND_CHANGEABLE, 0);
    add(Feature.WRITE_ATOMICITY, SAVEABLE_AND_CHANGEABLE, 0);
    add(Feature.ASYNC_EVENTS, SAVEABLE_AND_CHANGEABLE, 0);
    add(Feature.TIMESTAMP, Feature.CHANGEABLE, 0);
    add(Feature.KEEP_ALIVE, Feature.CHANGEABLE, 0);
    add(Feature.HOST_BEHAVIOR, Feature.CHANGEABLE, 0);
    add(Feature.HOST_IDENTIFIER, Feature.CHANGEABLE, 0);
  }

  private void add(int feature, int capability, int value) {
    capabilities[feature] = capability;
    defaults[feature] = value;
    saved[feature] = value;
    current[feature] = value;
  }

  /** SAVEABLE, NAMESPACE_SPECIFIC and CHANGEABLE of {@link Feature}; 0 if it is not there. */
  int capabilities(int feature) {
    return capabilities[feature];
  }

  /** Runs {@code listener} when the feature's value may have changed, a reset included. */
  void whenChanged(int feature, Runnable listener) {
    listeners[feature] = listener;
  }

  /** The current value of a feature that has one for the whole controller. */
  int value(int feature) {
    return current[feature];
  }

  /** Whether reads of deallocated blocks of a namespace fail (DULBE). */
  boolean deallocatedIsError(int namespace) {
    return (errorRecovery[namespace] & Feature.DEALLOCATED_ERROR) != 0;
  }

  /** Whether Copy's source ranges may have that format: the host enables 2h and 3h, others not. */
  boolean isCopyFormatEnabled(int format) {
    int enabled =
        (hostBehavior[COPY_FORMATS] | NvmLimits.PLAIN_COPY_FORMATS) & NvmLimits.COPY_FORMATS;
    return (enabled >>> format & 1) != 0;
  }

  /** Whether interrupts of a vector are not to be coalesced. */
  boolean coalescingDisabled(int vector) {
    return (vectors[vector] & Feature.COALESCING_DISABLED) != 0;
  }

  int get(int feature, int select) {
    return switch (select) {
      case Feature.SELECT_DEFAULT -> defaults[feature];
      case Feature.SELECT_SAVED -> saved[feature];
      default -> current[feature];
    };
  }

  void set(int feature, int value, boolean save) {
    current[feature] = value;
    if (save) {
      saved[feature] = value;
    }
    changed(feature);
  }

  int errorRecovery(int namespace, int select) {
    return pick(errorRecovery[namespace], savedErrorRecovery[namespace], select);
  }

  void setErrorRecovery(int namespace, int value, boolean save) {
    errorRecovery[namespace] = value;
    if (save) {
      savedErrorRecovery[namespace] = value;
    }
    changed(Feature.ERROR_RECOVERY);
  }

  boolean hasVector(int vector) {
    return vector < vectors.length;
  }

  int vector(int vector, int select) {
    return vector | pick(vectors[vector], savedVectors[vector], select);
  }

  void setVector(int vector, int value, boolean save) {
    vectors[vector] = value & Feature.COALESCING_DISABLED;
    if (save) {
      savedVectors[vector] = vectors[vector];
    }
    changed(Feature.INTERRUPT_VECTOR);
  }

  int underTemperature(int select) {
    return pick(underTemperature, savedUnderTemperature, select);
  }

  void setUnderTemperature(int value, boolean save) {
    underTemperature = value;
    if (save) {
      savedUnderTemperature = value;
    }
    changed(Feature.TEMPERATURE_THRESHOLD);
  }

  private static int pick(int current, int saved, int select) {
    return switch (select) {
      case Feature.SELECT_DEFAULT -> 0;
      case Feature.SELECT_SAVED -> saved;
      default -> current;
    };
  }

  void changed(int feature) {
    Runnable listener = listeners[feature];
    if (listener != null) {
      listener.run();
    }
  }

  /** A controller reset: what was not saved is as it was at first. */
  void reset(long nowNs) {
    timestamp.reset(nowNs);
    System.arraycopy(saved, 0, current, 0, COUNT);
    System.arraycopy(savedErrorRecovery, 0, errorRecovery, 0, errorRecovery.length);
    System.arraycopy(savedVectors, 0, vectors, 0, vectors.length);
    underTemperature = savedUnderTemperature;
    Arrays.fill(hostBehavior, (byte) 0);
    Arrays.fill(hostIdentifier, (byte) 0);
    for (int feature = 0; feature < COUNT; feature++) {
      changed(feature);
    }
  }
}
