package com.deloton.gateway.live;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The subscribers of each address of the event bus, with one consumer per address. Confined to the event loop that
 * delivers.
 *
 * @param <S> a subscriber, compared by identity
 */
final class Subscriptions<S> {
    private final Vertx vertx;
    private final Delivery<S> delivery;
    private final Map<String, Subscription<S>> byAddress = new HashMap<>();

    /** Passes a message to all subscribers of an address, so that it is encoded once. */
    interface Delivery<S> {
        void deliver(String busAddress, String body, Set<S> subscribers);
    }

    private record Subscription<S>(MessageConsumer<String> consumer, Set<S> subscribers) {}

    Subscriptions(Vertx vertx, Delivery<S> delivery) {
        this.vertx = vertx;
        this.delivery = delivery;
    }

    void add(String busAddress, S subscriber) {
        byAddress
                .computeIfAbsent(
                        busAddress,
                        key -> new Subscription<>(
                                vertx.eventBus().localConsumer(key, message -> deliver(key, message.body())),
                                new LinkedHashSet<>()))
                .subscribers()
                .add(subscriber);
    }

    void remove(String busAddress, S subscriber) {
        byAddress.computeIfPresent(busAddress, (key, subscription) -> {
            subscription.subscribers().remove(subscriber);
            if (subscription.subscribers().isEmpty()) {
                subscription.consumer().unregister();
                return null;
            }
            return subscription;
        });
    }

    /** A copy, so that subscribers may be removed while it is read. */
    Set<S> of(String busAddress) {
        Subscription<S> subscription = byAddress.get(busAddress);
        return subscription == null ? Set.of() : Set.copyOf(subscription.subscribers());
    }

    private void deliver(String busAddress, String body) {
        Subscription<S> subscription = byAddress.get(busAddress);
        if (subscription != null) {
            delivery.deliver(busAddress, body, subscription.subscribers());
        }
    }
}
