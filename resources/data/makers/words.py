"""The words of the translation sentences in English, French, German and Chinese, as tables that are read once.

A field is separated by `|`, a `_` within a word stands for a space. What is regular is not written down: French verbs
in -er, German weak verbs, adjectives whose feminine adds an e.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

LANGUAGES = ("english", "french", "german", "chinese")


class Said(NamedTuple):
    """One expression that does not change, in each language."""

    english: str
    french: str
    german: str
    chinese: str


@dataclass(frozen=True)
class Noun:
    """A noun with its plural, its gender and its Chinese measure word."""

    english: tuple[str, str]
    french_gender: str
    french: tuple[str, str]
    german_gender: str
    german: tuple[str, str]
    german_weak: bool
    measure: str
    chinese: str
    classes: frozenset[str]

    @property
    def mass(self) -> bool:
        """Whether it is a substance, which has neither article nor plural here."""
        return not self.measure


@dataclass(frozen=True)
class Verb:
    """A verb: English base, third person, past, -ing form; present forms for I, you, he, we, they in the others."""

    english: tuple[str, str, str, str]
    particle: str
    french: str
    french_present: tuple[str, ...]
    participle: str
    future: str
    french_etre: bool
    french_reflexive: bool
    french_tail: str
    french_preposition: str
    german: str
    german_present: tuple[str, ...]
    german_participle: str
    german_sein: bool
    german_prefix: str
    german_reflexive: bool
    german_tail: str
    german_case: str
    german_preposition: str
    chinese: str
    chinese_past: str
    objects: frozenset[str]
    tenses: str
    skill: bool


@dataclass(frozen=True)
class Adjective:
    """An adjective; `attribute` is what stands before a Chinese noun, `predicate` and `denial` what follows a subject."""

    english: str
    comparative: str
    french: tuple[str, str]
    before_vowel: str
    before: bool
    german: str
    german_stem: str
    german_comparative: str
    chinese: str
    attribute: str
    predicate: str
    denial: str
    classes: frozenset[str]
    predicate_only: bool


@dataclass(frozen=True)
class Place:
    """A place with the prepositions that go with it, for being there and for going there."""

    noun: Noun
    english_at: str
    french_at: str
    french_to: str
    german_at: str
    german_to: str
    german_to_case: str
    chinese_at: str
    room: bool = field(default=False)


NOUNS_TABLE = """
man men | m homme hommes | m Mann Männer | 个 男人 | person
woman women | f femme femmes | f Frau Frauen | 个 女人 | person
boy boys | m garçon garçons | m* Junge Jungen | 个 男孩 | person
girl girls | f fille filles | n Mädchen Mädchen | 个 女孩 | person
child children | m enfant enfants | n Kind Kinder | 个 孩子 | person
teacher teachers | m professeur professeurs | m Lehrer Lehrer | 位 老师 | person
doctor doctors | m médecin médecins | m Arzt Ärzte | 位 医生 | person
student students | m étudiant étudiants | m* Student Studenten | 个 学生 | person
neighbor neighbors | m voisin voisins | m* Nachbar Nachbarn | 个 邻居 | person own
friend friends | m ami amis | m Freund Freunde | 个 朋友 | person own
colleague colleagues | m collègue collègues | m* Kollege Kollegen | 位 同事 | person own
farmer farmers | m fermier fermiers | m* Bauer Bauern | 位 农民 | person
baker bakers | m boulanger boulangers | m Bäcker Bäcker | 位 面包师 | person
cook cooks | m cuisinier cuisiniers | m Koch Köche | 位 厨师 | person
writer writers | m écrivain écrivains | m Schriftsteller Schriftsteller | 位 作家 | person
singer singers | m chanteur chanteurs | m Sänger Sänger | 位 歌手 | person
musician musicians | m musicien musiciens | m Musiker Musiker | 位 音乐家 | person
policeman policemen | m policier policiers | m* Polizist Polizisten | 位 警察 | person
guest guests | m invité invités | m Gast Gäste | 位 客人 | person own
driver drivers | m chauffeur chauffeurs | m Fahrer Fahrer | 位 司机 | person
nurse nurses | f infirmière infirmières | f Krankenschwester Krankenschwestern | 位 护士 | person
engineer engineers | m ingénieur ingénieurs | m Ingenieur Ingenieure | 位 工程师 | person
painter painters | m peintre peintres | m Maler Maler | 位 画家 | person
lawyer lawyers | m avocat avocats | m Anwalt Anwälte | 位 律师 | person own
gardener gardeners | m jardinier jardiniers | m Gärtner Gärtner | 位 园丁 | person
tourist tourists | m touriste touristes | m* Tourist Touristen | 位 游客 | person
boss bosses | m patron patrons | m Chef Chefs | 位 老板 | person own
mother mothers | f mère mères | f Mutter Mütter | 个 妈妈 | kin
father fathers | m père pères | m Vater Väter | 个 爸爸 | kin
grandmother grandmothers | f grand-mère grands-mères | f Großmutter Großmütter | 个 奶奶 | kin
grandfather grandfathers | m grand-père grands-pères | m Großvater Großväter | 个 爷爷 | kin
uncle uncles | m oncle oncles | m Onkel Onkel | 个 叔叔 | kin
aunt aunts | f tante tantes | f Tante Tanten | 个 阿姨 | kin
son sons | m fils fils | m Sohn Söhne | 个 儿子 | kin
daughter daughters | f fille filles | f Tochter Töchter | 个 女儿 | kin
dog dogs | m chien chiens | m Hund Hunde | 只 狗 | animal washable
cat cats | m chat chats | f Katze Katzen | 只 猫 | animal
horse horses | m cheval chevaux | n Pferd Pferde | 匹 马 | animal washable quick
bird birds | m oiseau oiseaux | m Vogel Vögel | 只 鸟 | animal
rabbit rabbits | m lapin lapins | n Kaninchen Kaninchen | 只 兔子 | animal quick
cow cows | f vache vaches | f Kuh Kühe | 头 牛 | animal
pig pigs | m cochon cochons | n Schwein Schweine | 头 猪 | animal
mouse mice | f souris souris | f Maus Mäuse | 只 老鼠 | animal
duck ducks | m canard canards | f Ente Enten | 只 鸭子 | animal
goat goats | f chèvre chèvres | f Ziege Ziegen | 只 山羊 | animal
monkey monkeys | m singe singes | m* Affe Affen | 只 猴子 | animal
hen hens | f poule poules | f Henne Hennen | 只 母鸡 | animal
donkey donkeys | m âne ânes | m Esel Esel | 头 驴 | animal washable
fox foxes | m renard renards | m Fuchs Füchse | 只 狐狸 | animal quick
bear bears | m ours ours | m* Bär Bären | 只 熊 | animal
apple apples | f pomme pommes | m Apfel Äpfel | 个 苹果 | food fruit
pear pears | f poire poires | f Birne Birnen | 个 梨 | food fruit
orange oranges | f orange oranges | f Orange Orangen | 个 橙子 | food fruit
banana bananas | f banane bananes | f Banane Bananen | 根 香蕉 | food fruit
egg eggs | m œuf œufs | n Ei Eier | 个 鸡蛋 | food
potato potatoes | f pomme_de_terre pommes_de_terre | f Kartoffel Kartoffeln | 个 土豆 | food
tomato tomatoes | f tomate tomates | f Tomate Tomaten | 个 西红柿 | food
cake cakes | m gâteau gâteaux | m Kuchen Kuchen | 个 蛋糕 | food fruit
cookie cookies | m biscuit biscuits | m Keks Kekse | 块 饼干 | food
carrot carrots | f carotte carottes | f Karotte Karotten | 根 胡萝卜 | food
strawberry strawberries | f fraise fraises | f Erdbeere Erdbeeren | 颗 草莓 | food fruit
cherry cherries | f cerise cerises | f Kirsche Kirschen | 颗 樱桃 | food fruit
peach peaches | f pêche pêches | m Pfirsich Pfirsiche | 个 桃子 | food fruit
sandwich sandwiches | m sandwich sandwichs | n Sandwich Sandwiches | 个 三明治 | food
bread - | m pain - | n Brot - | - 面包 | foodmass
cheese - | m fromage - | m Käse - | - 奶酪 | foodmass
meat - | f viande - | n Fleisch - | - 肉 | foodmass
rice - | m riz - | m Reis - | - 米饭 | foodmass
fish - | m poisson - | m Fisch - | - 鱼 | foodmass
salad - | f salade - | m Salat - | - 沙拉 | foodmass
chocolate - | m chocolat - | f Schokolade - | - 巧克力 | foodmass
water - | f eau - | n Wasser - | - 水 | drink glass bottle
coffee - | m café - | m Kaffee - | - 咖啡 | drink cup
tea - | m thé - | m Tee - | - 茶 | drink cup
milk - | m lait - | f Milch - | - 牛奶 | drink glass bottle
juice - | m jus - | m Saft - | - 果汁 | drink glass
wine - | m vin - | m Wein - | - 葡萄酒 | drink glass bottle
beer - | f bière - | n Bier - | - 啤酒 | drink glass bottle
soup - | f soupe - | f Suppe - | - 汤 | hotmass
book books | m livre livres | n Buch Bücher | 本 书 | readable thing lent writable
newspaper newspapers | m journal journaux | f Zeitung Zeitungen | 份 报纸 | readable thing
letter letters | f lettre lettres | m Brief Briefe | 封 信 | readable writable sent
magazine magazines | m magazine magazines | f Zeitschrift Zeitschriften | 本 杂志 | readable thing
novel novels | m roman romans | m Roman Romane | 本 小说 | readable writable thing lent
poem poems | m poème poèmes | n Gedicht Gedichte | 首 诗 | readable writable
story stories | f histoire histoires | f Geschichte Geschichten | 个 故事 | readable writable
report reports | m rapport rapports | m Bericht Berichte | 份 报告 | readable writable sent
article articles | m article articles | m Artikel Artikel | 篇 文章 | readable writable
film films | m film films | m Film Filme | 部 电影 | film
shirt shirts | f chemise chemises | n Hemd Hemden | 件 衬衫 | wear washable
coat coats | m manteau manteaux | m Mantel Mäntel | 件 外套 | wear
dress dresses | f robe robes | n Kleid Kleider | 条 连衣裙 | wear washable
skirt skirts | f jupe jupes | m Rock Röcke | 条 裙子 | wear washable
jacket jackets | f veste vestes | f Jacke Jacken | 件 夹克 | wear
sweater sweaters | m pull pulls | m Pullover Pullover | 件 毛衣 | wear washable
hat hats | m chapeau chapeaux | m Hut Hüte | 顶 帽子 | headwear thing lost
scarf scarves | f écharpe écharpes | m Schal Schals | 条 围巾 | headwear washable lost
tie ties | f cravate cravates | f Krawatte Krawatten | 条 领带 | headwear
pencil pencils | m crayon crayons | m Bleistift Bleistifte | 支 铅笔 | thing lent lost
key keys | f clé clés | m Schlüssel Schlüssel | 把 钥匙 | thing lost
umbrella umbrellas | m parapluie parapluies | m Regenschirm Regenschirme | 把 雨伞 | thing lent lost
bag bags | m sac sacs | f Tasche Taschen | 个 包 | thing hollow lost
suitcase suitcases | f valise valises | m Koffer Koffer | 个 箱子 | thing hollow heavy lost
knife knives | m couteau couteaux | n Messer Messer | 把 刀 | thing
lamp lamps | f lampe lampes | f Lampe Lampen | 盏 灯 | thing machine
watch watches | f montre montres | f Armbanduhr Armbanduhren | 块 手表 | thing machine lost
camera cameras | m appareil_photo appareils_photo | f Kamera Kameras | 台 相机 | thing machine lost lent
computer computers | m ordinateur ordinateurs | m Computer Computer | 台 电脑 | thing machine
phone phones | m téléphone téléphones | n Telefon Telefone | 部 电话 | thing machine
ball balls | m ballon ballons | m Ball Bälle | 个 球 | thing lost
picture pictures | m tableau tableaux | n Bild Bilder | 幅 画 | thing
photo photos | f photo photos | n Foto Fotos | 张 照片 | thing sent
box boxes | f boîte boîtes | f Schachtel Schachteln | 个 盒子 | thing hollow heavy
ticket tickets | m billet billets | f Fahrkarte Fahrkarten | 张 车票 | ticket lost sent
guitar guitars | f guitare guitares | f Gitarre Gitarren | 把 吉他 | thing lent
gift gifts | m cadeau cadeaux | n Geschenk Geschenke | 份 礼物 | thing sent
map maps | f carte cartes | f Landkarte Landkarten | 张 地图 | thing lost lent
candle candles | f bougie bougies | f Kerze Kerzen | 支 蜡烛 | thing
mirror mirrors | m miroir miroirs | m Spiegel Spiegel | 面 镜子 | thing heavy
flower flowers | f fleur fleurs | f Blume Blumen | 朵 花 | flower
table tables | f table tables | m Tisch Tische | 张 桌子 | furniture heavy
chair chairs | f chaise chaises | m Stuhl Stühle | 把 椅子 | furniture seat
bed beds | m lit lits | n Bett Betten | 张 床 | furniture seat
sofa sofas | m canapé canapés | n Sofa Sofas | 张 沙发 | furniture heavy seat
cupboard cupboards | f armoire armoires | m Schrank Schränke | 个 柜子 | furniture heavy hollow
door doors | f porte portes | f Tür Türen | 扇 门 | opening
window windows | f fenêtre fenêtres | n Fenster Fenster | 扇 窗户 | opening
car cars | f voiture voitures | n Auto Autos | 辆 汽车 | vehicle road washable machine lent
bicycle bicycles | m vélo vélos | n Fahrrad Fahrräder | 辆 自行车 | vehicle washable machine lent
bus buses | m bus bus | m Bus Busse | 辆 公共汽车 | vehicle line
train trains | m train trains | m Zug Züge | 列 火车 | line fast
boat boats | m bateau bateaux | n Boot Boote | 艘 船 | vehicle machine built
truck trucks | m camion camions | m Lastwagen Lastwagen | 辆 卡车 | vehicle road washable machine
motorcycle motorcycles | f moto motos | n Motorrad Motorräder | 辆 摩托车 | vehicle road washable machine
house houses | f maison maisons | n Haus Häuser | 座 房子 | building built
bridge bridges | m pont ponts | f Brücke Brücken | 座 桥 | building built
cup cups | f tasse tasses | f Tasse Tassen | 杯 杯 | vessel
glass glasses | m verre verres | n Glas Gläser | 杯 杯 | vessel
bottle bottles | f bouteille bouteilles | f Flasche Flaschen | 瓶 瓶 | vessel
"""

# english singular | being there | French: gender noun, at, to | German: gender noun, at, to | Chinese noun, at
PLACES_TABLE = """
kitchen | in | f cuisine dans dans | f Küche in in | 厨房 里 | room
garden | in | m jardin dans dans | m Garten in in | 花园 里 |
living_room | in | m salon dans dans | n Wohnzimmer in in | 客厅 里 | room
bathroom | in | f salle_de_bain dans dans | n Badezimmer in in | 浴室 里 | room
bedroom | in | f chambre dans dans | n Schlafzimmer in in | 卧室 里 | room
park | in | m parc dans à | m Park in in | 公园 里 |
forest | in | f forêt dans dans | m Wald in in | 森林 里 |
village | in | m village dans à | n Dorf in in | 村子 里 |
school | at | f école à à | f Schule in zu | 学校 - |
station | at | f gare à à | m Bahnhof an zu | 火车站 - |
market | at | m marché à à | m Markt auf auf | 市场 - |
restaurant | at | m restaurant à à | n Restaurant in in | 餐厅 - |
museum | at | m musée à à | n Museum in in | 博物馆 - |
library | at | f bibliothèque à à | f Bibliothek in in | 图书馆 - |
hospital | at | m hôpital à à | n Krankenhaus in in | 医院 - |
office | at | m bureau à à | n Büro in in | 办公室 - | room
beach | at | f plage à à | m Strand an an | 海边 - |
theater | at | m théâtre à à | n Theater in in | 剧院 - |
cinema | at | m cinéma à à | n Kino in in | 电影院 - |
hotel | at | m hôtel à à | n Hotel in in | 酒店 - |
bank | at | f banque à à | f Bank in zu | 银行 - |
supermarket | at | m supermarché à à | m Supermarkt in in | 超市 - |
bakery | at | f boulangerie à à | f Bäckerei in in | 面包店 - |
university | at | f université à à | f Universität an zu | 大学 - |
airport | at | m aéroport à à | m Flughafen an zu | 机场 - |
pharmacy | at | f pharmacie à à | f Apotheke in in | 药店 - |
zoo | at | m zoo à à | m Zoo in in | 动物园 - |
"""

# name | French at = to | German at | German to | Chinese | French from | German from
REGIONS_TABLE = """
Paris | à_Paris | in_Paris | nach_Paris | 巴黎 | de_Paris | aus_Paris
Berlin | à_Berlin | in_Berlin | nach_Berlin | 柏林 | de_Berlin | aus_Berlin
London | à_Londres | in_London | nach_London | 伦敦 | de_Londres | aus_London
Rome | à_Rome | in_Rom | nach_Rom | 罗马 | de_Rome | aus_Rom
Madrid | à_Madrid | in_Madrid | nach_Madrid | 马德里 | de_Madrid | aus_Madrid
Vienna | à_Vienne | in_Wien | nach_Wien | 维也纳 | de_Vienne | aus_Wien
Beijing | à_Pékin | in_Peking | nach_Peking | 北京 | de_Pékin | aus_Peking
Tokyo | à_Tokyo | in_Tokio | nach_Tokio | 东京 | de_Tokyo | aus_Tokio
Geneva | à_Genève | in_Genf | nach_Genf | 日内瓦 | de_Genève | aus_Genf
France | en_France | in_Frankreich | nach_Frankreich | 法国 | de_France | aus_Frankreich
Germany | en_Allemagne | in_Deutschland | nach_Deutschland | 德国 | de_Allemagne | aus_Deutschland
China | en_Chine | in_China | nach_China | 中国 | de_Chine | aus_China
Italy | en_Italie | in_Italien | nach_Italien | 意大利 | de_Italie | aus_Italien
Spain | en_Espagne | in_Spanien | nach_Spanien | 西班牙 | de_Espagne | aus_Spanien
Japan | au_Japon | in_Japan | nach_Japan | 日本 | du_Japon | aus_Japan
Canada | au_Canada | in_Kanada | nach_Kanada | 加拿大 | du_Canada | aus_Kanada
Switzerland | en_Suisse | in_der_Schweiz | in_die_Schweiz | 瑞士 | de_Suisse | aus_der_Schweiz
"""

# Tenses: h habit, g in progress, p past, f future, m after a modal verb.
# French after the forms: `etre`, `se`, `to=` what follows, `prep=`. German: `sein`, `pre=`, `sich`, `to=`, `case=`, `prep=`.
VERBS_TABLE = """
eat eats ate eating | manger | essen esse isst isst essen essen gegessen | 吃 吃了 | food foodmass | hgpfm
drink drinks drank drinking | boire bois bois boit buvons boivent bu boir | trinken - getrunken | 喝 喝了 | drink vessel | hgpfm
read reads read reading | lire lis lis lit lisons lisent lu lir | lesen lese liest liest lesen lesen gelesen | 看 看了 | readable | hgpfm
write writes wrote writing | écrire écris écris écrit écrivons écrivent écrit écrir | schreiben - geschrieben | 写 写了 | writable | gpfm
translate translates translated translating | traduire traduis traduis traduit traduisons traduisent traduit traduir | übersetzen übersetze übersetzt übersetzt übersetzen übersetzen übersetzt | 翻译 翻译了 | readable | gpfm
buy buys bought buying | acheter achète achètes achète achetons achètent acheté achèter | kaufen | 买 买了 | thing wear headwear vehicle food foodmass furniture ticket flower | hpfm
sell sells sold selling | vendre vends vends vend vendons vendent vendu vendr | verkaufen - verkauft | 卖 卖了 | thing vehicle furniture building | pfm
see sees saw - | voir vois vois voit voyons voient vu verr | sehen sehe siehst sieht sehen sehen gesehen | 看见 看见了 | person animal kin pronoun | hpf
find finds found - | trouver | finden finde findest findet finden finden gefunden | 找到 找到了 | thing headwear animal ticket | pfm
look looks looked looking for | chercher | suchen | 找 找了 | thing headwear animal person ticket pronoun | gm
love loves loved - | adorer | lieben | 爱 爱了 | kin pronoun | h
know knows knew - | connaître connais connais connaît connaissons connaissent connu connaîtr | kennen - gekannt | 认识 认识了 | person kin pronoun | h
visit visits visited visiting | rendre rends rends rend rendons rendent rendu rendr to=visite prep=à | besuchen - besucht | 看望 看望了 | kin person pronoun | hpfm
help helps helped helping | aider | helfen helfe hilfst hilft helfen helfen geholfen case=dative | 帮助 帮助了 | person kin pronoun | hgpfm
thank thanks thanked thanking | remercier | danken case=dative | 感谢 感谢了 | person kin pronoun | pfm
call calls called calling | appeler appelle appelles appelle appelons appellent appelé appeller | rufen - gerufen pre=an | 给{o}打电话 给{o}打了电话 | person kin pronoun | hgpfm
meet meets met - | rencontrer | treffen treffe triffst trifft treffen treffen getroffen | 遇见 遇见了 | person kin pronoun | pf
invite invites invited inviting | inviter | laden lade lädst lädt laden laden geladen pre=ein | 邀请 邀请了 | person kin pronoun | hpfm
wait waits waited waiting for | attendre attends attends attend attendons attendent attendu attendr | warten warte wartest wartet warten warten gewartet prep=auf | 等 等了 | line person kin pronoun | gm
wash washes washed washing | laver | waschen wasche wäschst wäscht waschen waschen gewaschen | 洗 洗了 | washable | hgpfm
clean cleans cleaned cleaning | nettoyer nettoie nettoies nettoie nettoyons nettoient nettoyé nettoier | putzen putze putzt putzt putzen putzen geputzt | 打扫 打扫了 | room | hgpfm
open opens opened opening | ouvrir ouvre ouvres ouvre ouvrons ouvrent ouvert ouvrir | öffnen öffne öffnest öffnet öffnen öffnen geöffnet | 打开 打开了 | opening hollow | gpfm
close closes closed closing | fermer | schließen schließe schließt schließt schließen schließen geschlossen | 关上 关上了 | opening | pfm
repair repairs repaired repairing | réparer | reparieren - repariert | 修理 修理了 | machine furniture | gpfm
draw draws drew drawing | dessiner | zeichnen zeichne zeichnest zeichnet zeichnen zeichnen gezeichnet | 画 画了 | animal flower building | hgpfm
carry carries carried carrying | porter | tragen trage trägst trägt tragen tragen getragen | 搬 搬了 | heavy | gpfm
wear wears wore wearing | porter | tragen trage trägst trägt tragen tragen getragen | 穿 穿了 | wear | hp
wear wears wore wearing | porter | tragen trage trägst trägt tragen tragen getragen | 戴 戴了 | headwear | hp
bring brings brought bringing | apporter | bringen - gebracht | 带来 带来了 | food foodmass flower | pfm
lose loses lost losing | perdre perds perds perd perdons perdent perdu perdr | verlieren - verloren | 弄丢 弄丢了 | lost | p
have has had - | avoir ai as a avons ont eu aur | haben habe hast hat haben haben gehabt | 有 有 | thing animal vehicle wear headwear building | h
build builds built building | construire construis construis construit construisons construisent construit construir | bauen | 建 建了 | built | gpfm
feed feeds fed feeding | nourrir nourris nourris nourrit nourrissons nourrissent nourri nourrir | füttern füttere fütterst füttert füttern füttern gefüttert | 喂 喂了 | animal | hgpfm
order orders ordered ordering | commander | bestellen - bestellt | 点 点了 | foodmass vessel | hpfm
hear hears heard - | entendre entends entends entend entendons entendent entendu entendr | hören | 听见 听见了 | animal pronoun line | hp
rent rents rented renting | louer | mieten miete mietest mietet mieten mieten gemietet | 租 租了 | vehicle building | hpfm
borrow borrows borrowed borrowing | emprunter | leihen - geliehen pre=aus | 借 借了 | lent | hpfm
watch watches watched watching | regarder | sehen sehe siehst sieht sehen sehen gesehen pre=an | 看 看了 | film | gpfm
choose chooses chose choosing | choisir choisis choisis choisit choisissons choisissent choisi choisir | suchen pre=aus | 选 选了 | wear headwear film | gpfm
visit visits visited visiting | visiter | besichtigen - besichtigt | 参观 参观了 | sight | gpfm
photograph photographs photographed photographing | photographier | fotografieren - fotografiert | 拍 拍了 | animal building | gpfm
"""

DOINGS_TABLE = """
sleep sleeps slept sleeping | dormir dors dors dort dormons dorment dormi dormir | schlafen schlafe schläfst schläft schlafen schlafen geschlafen | 睡觉 睡觉了 | person animal | hgpfm
work works worked working | travailler | arbeiten arbeite arbeitest arbeitet arbeiten arbeiten gearbeitet | 工作 工作了 | person | hgpfm
swim swims swam swimming | nager | schwimmen schwimme schwimmst schwimmt schwimmen schwimmen geschwommen sein | 游泳 游泳了 | person | hgpfms
dance dances danced dancing | danser | tanzen tanze tanzt tanzt tanzen tanzen getanzt | 跳舞 跳舞了 | person | hgpfms
sing sings sang singing | chanter | singen - gesungen | 唱歌 唱歌了 | person | hgpfms
laugh laughs laughed laughing | rire ris ris rit rions rient ri rir | lachen | 笑 笑了 | person | gpf
cry cries cried crying | pleurer | weinen | 哭 哭了 | person | gpf
run runs ran running | courir cours cours court courons courent couru courr | laufen laufe läufst läuft laufen laufen gelaufen sein | 跑步 跑步了 | person | hgpfm
cook cooks cooked cooking | cuisiner | kochen | 做饭 做饭了 | person | hgpfms
play plays played playing | jouer | spielen | 玩 玩了 | person animal | hgpfm
study studies studied studying | étudier | lernen | 学习 学习了 | person | hgpfm
rest rests rested resting | reposer se | ruhen pre=aus sich | 休息 休息了 | person | hgpfm
walk walks walked walking | promener promène promènes promène promenons promènent promené promèner se | gehen gehe gehst geht gehen gehen gegangen pre=spazieren sein | 散步 散步了 | person | hgpfm
play_football plays_football played_football playing_football | jouer to=au_football | spielen to=Fußball | 踢足球 踢足球了 | person | hgpfms
play_tennis plays_tennis played_tennis playing_tennis | jouer to=au_tennis | spielen to=Tennis | 打网球 打网球了 | person | hgpfms
play_chess plays_chess played_chess playing_chess | jouer to=aux_échecs | spielen to=Schach | 下棋 下棋了 | person | hgpfms
play_the_piano plays_the_piano played_the_piano playing_the_piano | jouer to=du_piano | spielen to=Klavier | 弹钢琴 弹钢琴了 | person | hgpfms
listen_to_music listens_to_music listened_to_music listening_to_music | écouter to=de_la_musique | hören to=Musik | 听音乐 听音乐了 | person | hgpfm
watch_television watches_television watched_television watching_television | regarder to=la_télévision | sehen sehe siehst sieht sehen sehen gesehen pre=fern | 看电视 看电视了 | person | hgpfm
speak_French speaks_French spoke_French speaking_French | parler to=français | sprechen spreche sprichst spricht sprechen sprechen gesprochen to=Französisch | 说法语 说法语了 | person | hgs
speak_German speaks_German spoke_German speaking_German | parler to=allemand | sprechen spreche sprichst spricht sprechen sprechen gesprochen to=Deutsch | 说德语 说德语了 | person | hgs
speak_Chinese speaks_Chinese spoke_Chinese speaking_Chinese | parler to=chinois | sprechen spreche sprichst spricht sprechen sprechen gesprochen to=Chinesisch | 说汉语 说汉语了 | person | hgs
learn_Spanish learns_Spanish learned_Spanish learning_Spanish | apprendre apprends apprends apprend apprenons apprennent appris apprendr to=l'espagnol | lernen to=Spanisch | 学西班牙语 学了西班牙语 | person | hgpfm
learn_Italian learns_Italian learned_Italian learning_Italian | apprendre apprends apprends apprend apprenons apprennent appris apprendr to=l'italien | lernen to=Italienisch | 学意大利语 学了意大利语 | person | hgpfm
"""

# Doings at a time of day rather than in a place.
MOVES_TABLE = """
arrive arrives arrived arriving | arriver etre | kommen - gekommen pre=an sein | 到 到了 | person line | hpfm
leave leaves left leaving | partir pars pars part partons partent parti partir etre | fahren fahre fährst fährt fahren fahren gefahren pre=ab sein | 出发 出发了 | line person | hpfm
get_up gets_up got_up getting_up | lever lève lèves lève levons lèvent levé lèver se | stehen - gestanden pre=auf sein | 起床 起床了 | person | hpfm
come_home comes_home came_home coming_home | rentrer etre to=à_la_maison | kommen - gekommen to=nach_Hause sein | 回家 回家了 | person | hpfm
stay_at_home stays_at_home stayed_at_home staying_at_home | rester etre to=à_la_maison | bleiben - geblieben to=zu_Hause sein | 待在家里 待在家里 | person | hpfm
"""

GO_TABLE = """
go goes went going | aller vais vas va allons vont allé ir etre | gehen gehe gehst geht gehen gehen gegangen sein | 去 去了 | - | hpfm
go goes went going | aller vais vas va allons vont allé ir etre | fahren fahre fährst fährt fahren fahren gefahren sein | 去 去了 | - | hpfm
live lives lived - | habiter | wohnen | 住在 住在 | - | h
come comes came - | venir viens viens vient venons viennent venu viendr etre | kommen - gekommen sein | 来自 来自 | - | h
cost costs cost - | coûter | kosten koste kostest kostet kosten kosten gekostet | 要 要 | - | h
give gives gave giving | donner | geben gebe gibst gibt geben geben gegeben | 给 给了 | thing flower food | gpfm
show shows showed showing | montrer | zeigen | 给{r}看 给{r}看了 | thing readable | gpfm
send sends sent sending | envoyer envoie envoies envoie envoyons envoient envoyé enverr | schicken | 寄给 寄给了 | sent | gpfm
"""

WEATHER_TABLE = """
rain rains rained raining | pleuvoir pleus pleus pleut pleuvons pleuvent plu pleuvr | regnen regne regnest regnet regnen regnen geregnet | 下雨 下雨了 | - | gpf
snow snows snowed snowing | neiger | schneien | 下雪 下雪了 | - | gpf
"""

# english comparative | French m f (b: before the noun) | German (stem if another) comparative | Chinese: base attribute
# predicate denial | classes; `only` is said of something, never before it; `~` repeats what is regular.
ADJECTIVES_TABLE = """
big bigger | grand grande b | groß - größer | 大 大 | animal building furniture hollow
small smaller | petit petite b | klein - kleiner | 小 小 | animal building furniture hollow vehicle
young younger | jeune jeune b | jung - jünger | 年轻 年轻的 | person kin
old older | vieux vieille b vieil | alt - älter | 旧 旧 | thing wear headwear vehicle furniture
old older | vieux vieille b vieil | alt - älter | 老 老 | animal
new - | nouveau nouvelle b nouvel | neu - - | 新 新 | thing wear headwear vehicle furniture readable
beautiful more_beautiful | beau belle b bel | schön - schöner | 漂亮 漂亮的 | wear headwear building flower picture animal
good better | bon bonne b | gut - besser | 好 好 | readable film
red - | rouge rouge | rot - - | 红色 红色的 是红色的 不是红色的 | wear headwear vehicle thing flower
blue - | bleu bleue | blau - - | 蓝色 蓝色的 是蓝色的 不是蓝色的 | wear headwear vehicle thing furniture
green - | vert verte | grün - - | 绿色 绿色的 是绿色的 不是绿色的 | wear headwear vehicle opening furniture
yellow - | jaune jaune | gelb - - | 黄色 黄色的 是黄色的 不是黄色的 | wear headwear vehicle flower
white - | blanc blanche | weiß - - | 白色 白色的 是白色的 不是白色的 | wear headwear animal opening flower building
black - | noir noire | schwarz - - | 黑色 黑色的 是黑色的 不是黑色的 | wear headwear animal vehicle hollow
gray - | gris grise | grau - - | 灰色 灰色的 是灰色的 不是灰色的 | wear headwear animal vehicle
expensive more_expensive | cher chère | teuer teur teurer | 贵 昂贵的 | wear headwear vehicle machine furniture ticket
heavy heavier | lourd lourde | schwer - schwerer | 重 沉重的 | heavy
tired - | fatigué fatiguée | müde müd - | 累 累 | person kin only
happy happier | heureux heureuse | glücklich - glücklicher | 高兴 高兴的 | person kin only
sad sadder | triste triste | traurig - trauriger | 难过 难过的 | person kin only
sick - | malade malade | krank - - | 生病 生病的 生病了 没生病 | person kin only
tall taller | grand grande | groß - größer | 高 高 | person kin only
busy - | occupé occupée | beschäftigt - - | 忙 忙 | person kin only
friendly friendlier | sympathique sympathique | freundlich - freundlicher | 友好 友好的 | person kin
rich richer | riche riche | reich - reicher | 有钱 有钱的 很有钱 没有钱 | person kin
strong stronger | fort forte | stark - stärker | 强壮 强壮的 | person kin
clever cleverer | intelligent intelligente | klug - klüger | 聪明 聪明的 | person kin
famous more_famous | célèbre célèbre | berühmt - berühmter | 出名 著名的 | person
polite more_polite | poli polie | höflich - höflicher | 有礼貌 有礼貌的 很有礼貌 没有礼貌 | person kin
dirty dirtier | sale sale | schmutzig - schmutziger | 脏 脏 | wear washable opening
clean cleaner | propre propre | sauber - sauberer | 干净 干净的 | wear room opening
empty - | vide vide | leer - - | 空 空 是空的 不是空的 | hollow
interesting more_interesting | intéressant intéressante | interessant - interessanter | 有趣 有趣的 很有趣 没有意思 | readable film
boring more_boring | ennuyeux ennuyeuse | langweilig - langweiliger | 无聊 无聊的 | readable film
sweet sweeter | sucré sucrée | süß - süßer | 甜 甜 | fruit
delicious - | délicieux délicieuse | lecker - - | 好吃 好吃的 | food foodmass
fast faster | rapide rapide | schnell - schneller | 快 快 | vehicle quick fast only
slow slower | lent lente | langsam - langsamer | 慢 慢 | vehicle fast only
comfortable more_comfortable | confortable confortable | bequem - bequemer | 舒服 舒服的 | seat
hot hotter | chaud chaude | heiß - heißer | 烫 烫 | hotmass cup only
cold colder | froid froide | kalt - kälter | 凉 凉 | hotmass cup only
quiet - | calme calme | ruhig - - | 安静 安静的 | place only
closed - | fermé fermée | geschlossen - - | 关着 关着 关着 没关 | opening only
open - | ouvert ouverte | offen - - | 开着 开着 开着 没开 | opening only
"""

# english | French m f | German m f | Chinese
PROFESSIONS_TABLE = """
doctor | médecin médecin | Arzt Ärztin | 医生
teacher | professeur professeur | Lehrer Lehrerin | 老师
student | étudiant étudiante | Student Studentin | 学生
farmer | fermier fermière | Bauer Bäuerin | 农民
baker | boulanger boulangère | Bäcker Bäckerin | 面包师
cook | cuisinier cuisinière | Koch Köchin | 厨师
writer | écrivain écrivaine | Schriftsteller Schriftstellerin | 作家
singer | chanteur chanteuse | Sänger Sängerin | 歌手
musician | musicien musicienne | Musiker Musikerin | 音乐家
engineer | ingénieur ingénieure | Ingenieur Ingenieurin | 工程师
painter | peintre peintre | Maler Malerin | 画家
lawyer | avocat avocate | Anwalt Anwältin | 律师
gardener | jardinier jardinière | Gärtner Gärtnerin | 园丁
driver | chauffeur chauffeuse | Fahrer Fahrerin | 司机
"""

# name | gender | Chinese
NAMES_TABLE = """
Anna f 安娜
Paul m 保罗
Maria f 玛丽亚
Martin m 马丁
Julia f 朱莉娅
Peter m 彼得
Emma f 艾玛
David m 大卫
Clara f 克拉拉
Simon m 西蒙
Laura f 劳拉
Robert m 罗伯特
Nina f 尼娜
Daniel m 丹尼尔
Sophie f 索菲
Oscar m 奥斯卡
"""

WEEKDAYS = (
    Said("Monday", "lundi", "Montag", "星期一"),
    Said("Tuesday", "mardi", "Dienstag", "星期二"),
    Said("Wednesday", "mercredi", "Mittwoch", "星期三"),
    Said("Thursday", "jeudi", "Donnerstag", "星期四"),
    Said("Friday", "vendredi", "Freitag", "星期五"),
    Said("Saturday", "samedi", "Samstag", "星期六"),
    Said("Sunday", "dimanche", "Sonntag", "星期日"),
)
MONTHS = (
    Said("January", "janvier", "Januar", "一月"),
    Said("February", "février", "Februar", "二月"),
    Said("March", "mars", "März", "三月"),
    Said("April", "avril", "April", "四月"),
    Said("May", "mai", "Mai", "五月"),
    Said("June", "juin", "Juni", "六月"),
    Said("July", "juillet", "Juli", "七月"),
    Said("August", "août", "August", "八月"),
    Said("September", "septembre", "September", "九月"),
    Said("October", "octobre", "Oktober", "十月"),
    Said("November", "novembre", "November", "十一月"),
    Said("December", "décembre", "Dezember", "十二月"),
)


def rows(table: str) -> list[list[list[str]]]:
    """The lines of a table, each a list of fields, each a list of words."""
    return [[part.split() for part in line.split("|")] for line in table.strip().splitlines()]


def spaced(word: str) -> str:
    """The word with its spaces; a `-` alone stands for nothing."""
    return "" if word == "-" else word.replace("_", " ")


def read_nouns() -> list[Noun]:
    """The nouns of `NOUNS_TABLE`."""
    nouns = []
    for english, french, german, chinese, classes in rows(NOUNS_TABLE):
        nouns.append(
            Noun(
                (spaced(english[0]), spaced(english[1])),
                french[0],
                (spaced(french[1]), spaced(french[2])),
                german[0][0],
                (german[1], spaced(german[2])),
                german[0].endswith("*"),
                spaced(chinese[0]),
                chinese[1],
                frozenset(classes),
            )
        )
    return nouns


def read_places() -> list[Place]:
    """The places of `PLACES_TABLE`."""
    places = []
    for english, at, french, german, chinese, room in rows(PLACES_TABLE):
        noun = Noun(
            (spaced(english[0]), ""),
            french[0],
            (spaced(french[1]), ""),
            german[0],
            (german[1], ""),
            False,
            "个",
            chinese[0],
            frozenset(
                {"place", *room, *(["sight"] if english[0] in ("museum", "zoo", "university") else [])}
            ),
        )
        to_case = "dative" if german[3] == "zu" else "accusative"
        places.append(
            Place(
                noun,
                at[0],
                french[2],
                french[3],
                german[2],
                german[3],
                to_case,
                spaced(chinese[1]),
                bool(room),
            )
        )
    return places


def read_regions() -> list[tuple[Said, Said, Said]]:
    """Towns and countries: being there, going there, coming from there."""
    regions = []
    for row in rows(REGIONS_TABLE):
        name, french, at, to, chinese, french_from, german_from = (spaced(part[0]) for part in row)
        regions.append(
            (
                Said(f"in {name}", french, at, chinese),
                Said(f"to {name}", french, to, chinese),
                Said(f"from {name}", french_from, german_from, chinese),
            )
        )
    return regions


def regular_french(infinitive: str) -> tuple[tuple[str, ...], str, str]:
    """Present forms, participle and stem of the future of a French verb in -er."""
    stem = infinitive.removesuffix("er")
    we = stem + ("eons" if stem.endswith("g") else "ons")
    return (stem + "e", stem + "es", stem + "e", we, stem + "ent"), stem + "é", infinitive


def regular_german(infinitive: str) -> tuple[tuple[str, ...], str]:
    """Present forms and participle of a weak German verb."""
    stem = infinitive.removesuffix("en")
    return (stem + "e", stem + "st", stem + "t", infinitive, infinitive), f"ge{stem}t"


def read_verbs(table: str) -> list[Verb]:
    """The verbs of a table."""
    return [read_verb(row) for row in rows(table)]


def read_verb(row: list[list[str]]) -> Verb:
    """The verb of one line."""
    english, french, german, chinese, objects, tenses = row
    french_options = {word for word in french if word in ("etre", "se")}
    french_named = dict(word.split("=") for word in french if "=" in word)
    french_forms = [word for word in french if word not in french_options and "=" not in word]
    present, participle, future = (
        regular_french(french_forms[0])
        if len(french_forms) == 1
        else (tuple(french_forms[1:6]), french_forms[6], french_forms[7])
    )
    german_named = dict(word.split("=") for word in german if "=" in word)
    german_options = {word for word in german[1:] if word in ("sein", "sich")}
    german_forms = [word for word in german if "=" not in word]
    german_forms = german_forms[:1] + [word for word in german_forms[1:] if word not in german_options]
    german_present, german_participle = regular_german(german_forms[0])
    if len(german_forms) == 7:
        german_present, german_participle = tuple(german_forms[1:6]), german_forms[6]
    elif len(german_forms) == 3:
        german_participle = german_forms[2]
    prefix = german_named.get("pre", "")
    gap = " " if prefix == "spazieren" else ""
    return Verb(
        (spaced(english[0]), spaced(english[1]), spaced(english[2]), spaced(english[3])),
        english[4] if len(english) > 4 else "",
        french_forms[0],
        present,
        participle,
        future,
        "etre" in french_options or "se" in french_options,
        "se" in french_options,
        spaced(french_named.get("to", "-")),
        french_named.get("prep", ""),
        prefix + gap + german_forms[0],
        german_present,
        prefix + gap + german_participle,
        "sein" in german_options,
        prefix,
        "sich" in german_options,
        spaced(german_named.get("to", "-")),
        german_named.get("case", "accusative"),
        german_named.get("prep", ""),
        chinese[0],
        chinese[1],
        frozenset(objects),
        tenses[0].replace("s", ""),
        "s" in tenses[0],
    )


def read_adjectives() -> list[Adjective]:
    """The adjectives of `ADJECTIVES_TABLE`."""
    adjectives = []
    for english, french, german, chinese, classes in rows(ADJECTIVES_TABLE):
        base = chinese[0]
        adjectives.append(
            Adjective(
                english[0],
                spaced(english[1]),
                (french[0], french[1]),
                french[3] if len(french) > 3 else french[0],
                "b" in french[2:],
                german[0],
                spaced(german[1]) or german[0],
                spaced(german[2]),
                base,
                chinese[1],
                chinese[2] if len(chinese) > 2 else f"很{base}",
                chinese[3] if len(chinese) > 3 else f"不{base}",
                frozenset(classes) - {"only"},
                "only" in classes,
            )
        )
    return adjectives


NOUNS = read_nouns()
PLACES = read_places()
REGIONS = read_regions()
VERBS = read_verbs(VERBS_TABLE)
DOINGS = read_verbs(DOINGS_TABLE)
MOVES = read_verbs(MOVES_TABLE)
WEATHER = read_verbs(WEATHER_TABLE)
GO, DRIVE, LIVE, COME, COST, GIVE, SHOW, SEND = read_verbs(GO_TABLE)
ADJECTIVES = read_adjectives()
PROFESSIONS = [(row[0][0], tuple(row[1]), tuple(row[2]), row[3][0]) for row in rows(PROFESSIONS_TABLE)]
NAMES = [(row[0][0], row[0][1], row[0][2]) for row in rows(NAMES_TABLE)]
