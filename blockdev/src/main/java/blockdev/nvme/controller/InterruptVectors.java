package blockdev.nvme.controller;

import blockdev.nvme.Feature;
import blockdev.sim.EventQueue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The interrupt vectors, as far as a host has connected them. Completions wait for an interrupt as
 * the features say; those of the admin queue, whose is vector 0, never do.
 */
final class InterruptVectors {
  static final int ADMIN_VECTOR = 0;

  private static final long COALESCING_TIME_UNIT_NS = 100_000;

  private final Features features;
  private final @Nullable InterruptVector[] vectors;

  InterruptVectors(int count, Features features) {
    this.features = features;
    vectors = new InterruptVector[count];
    features.whenChanged(Feature.INTERRUPT_COALESCING, this::coalesce);
    features.whenChanged(Feature.INTERRUPT_VECTOR, this::coalesce);
  }

  /**
   * Sets what a vector does.
   *
   * @param events those that serve the queues which use it
   */
  void connect(int vector, EventQueue events, Runnable handler) {
    vectors[vector] = new InterruptVector(events, handler);
    coalesce(vector);
  }

  private void coalesce() {
    for (int vector = ADMIN_VECTOR + 1; vector < vectors.length; vector++) {
      coalesce(vector);
    }
  }

  private void coalesce(int vector) {
    InterruptVector interrupt = vectors[vector];
    if (interrupt != null && vector != ADMIN_VECTOR) {
      int value = features.value(Feature.INTERRUPT_COALESCING);
      boolean disabled = features.coalescingDisabled(vector);
      int threshold = (value & 0xFF) + 1;
      long timeNs = (value >>> 8 & 0xFF) * COALESCING_TIME_UNIT_NS;
      interrupt.coalesce(disabled ? 1 : threshold, disabled ? 0 : timeNs);
    }
  }

  boolean isConnected(int vector) {
    return vector < vectors.length && vectors[vector] != null;
  }

  /** One that is connected. */
  InterruptVector get(int vector) {
    return Objects.requireNonNull(vectors[vector]);
  }

  /** The events that serve the admin queue. */
  EventQueue adminEvents() {
    return get(ADMIN_VECTOR).events();
  }
}
