package io.modelserver.registry.store;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.modelserver.engine.Engine;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.registry.metadata.Checksums;
import io.modelserver.registry.metadata.MetadataFile;

/**
 * Distinguishes a complete version from one that is still being copied. It is there when
 * its files have the checksums that its metadata gives, or, where they don't or there are
 * none, when its files have not changed over a settle period; and from then on.
 */
public final class CompleteVersions {

    private final Duration settle;

    private final Clock clock;

    private final Map<ModelId, Sight> sights = new ConcurrentHashMap<>();

    private final Set<ModelId> complete = ConcurrentHashMap.newKeySet();

    private final LongSupplier nanoTime;

    /**
     * Has seen nothing yet.
     * @param settle how long files must not have changed
     * @param clock the time, which file times are compared with at the first sight
     * @param nanoTime the clock of durations, which is never corrected
     */
    public CompleteVersions(Duration settle, Clock clock, LongSupplier nanoTime) {
        this.settle = settle;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    boolean isComplete(VersionFolder folder) {
        if (complete.contains(folder.id())) {
            return true;
        }
        long now = nanoTime.getAsLong();
        String files = folder.payloadFingerprint();
        Sight sight = sights.compute(folder.id(), (id, before) -> (before != null && before.files().equals(files))
                ? before : new Sight(files, firstSight(folder, before == null, now), hasItsChecksums(folder)));
        boolean isComplete = sight.hasItsChecksums() || now - sight.sinceNanos() >= settle.toNanos();
        if (isComplete) {
            complete.add(folder.id());
            sights.remove(folder.id());
        }
        return isComplete;
    }

    /**
     * What has been there for a while need not wait, however slow the start was before
     * somebody looked: its times say since when.
     */
    private long firstSight(VersionFolder folder, boolean neverSeen, long now) {
        if (!neverSeen) {
            return now;
        }
        long age = Math.clamp(clock.millis() - folder.lastChangeMillis(), 0, settle.toMillis());
        return now - TimeUnit.MILLISECONDS.toNanos(age);
    }

    private static boolean hasItsChecksums(VersionFolder folder) {
        try {
            MetadataFile metadata = folder.metadata();
            List<Engine> engines = folder.engines();
            Checksums checksums = metadata.checksums();
            for (Engine engine : engines) {
                if (checksums.of(engine, engines).isEmpty()) {
                    return false;
                }
                folder.artifact(metadata, engine);
            }
            return true;
        }
        catch (ModelLoadException | RuntimeException ex) {
            // Its loading says what is wrong with it.
            return false;
        }
    }

    /**
     * How a version's files were found.
     *
     * @param files their fingerprint
     * @param sinceNanos since when
     * @param hasItsChecksums whether they were as the metadata says
     */
    private record Sight(String files, long sinceNanos, boolean hasItsChecksums) {
    }

}
