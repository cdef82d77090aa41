--------------------------- MODULE TransferModel ----------------------------
(* Transfers to and fro between two shards, and a transaction on one of    *)
(* them, while all accounts are frozen, closed and opened again.           *)
EXTENDS CrossShard, TLC

shardOf == "alice" :> 1 @@ "anna" :> 1 @@ "bob" :> 2
initial == "alice" :> ("GOLD" :> 2) @@ "anna" :> ("GOLD" :> 0) @@ "bob" :> ("GOLD" :> 1)
highest == "alice" :> 2 @@ "anna" :> 2 @@ "bob" :> 2

Pay(from, to, amount) == [asset |-> "GOLD", from |-> from, to |-> to, amount |-> amount]

transfers == <<
    Pay("alice", "bob", 1), Pay("alice", "bob", 1), Pay("bob", "alice", 1), Pay("bob", "anna", 2), Pay("anna", "alice", 1) >>

transactions == << << Pay("alice", "anna", 1), Pay("anna", "alice", 1) >> >>
=============================================================================
